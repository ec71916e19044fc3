import { SSMClient } from "@aws-sdk/client-ssm";
import type { SNSEvent, SNSMessage } from "aws-lambda";
import * as z from "zod/mini";
import { parseJson } from "../lib/json.ts";
import { createLog, type Log, type Sends } from "./clients/dependencies.ts";
import { readSecretParameter } from "./clients/secret-parameter.ts";
import {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpOptions,
  isSuccess,
  isTransient,
  NoAnswerError,
} from "./http/http-client.ts";
import { WebhookMessageError, WebhookRefusedError, WebhookUnavailableError } from "./webhook/errors.ts";
import { type OutgoingMessage, reasonOf, requestFor } from "./webhook/formats.ts";
import { allowedTarget, parseTarget, type WebhookFormat, type WebhookTarget } from "./webhook/target.ts";

interface WebhookOptions {
  /** Key in the config's `webhooks`. */
  readonly name: string;
  readonly format: WebhookFormat;
  /** Name of the SSM SecureString with the target. */
  readonly parameterName: string;
}

interface WebhookDependencies {
  readonly ssm?: Sends<SSMClient>;
  readonly http?: HttpClient;
  readonly log?: Log;
  /**
   * Time of an attempt, which is signed. No other handler reads the clock: receivers compare this time with their own to
   * reject replayed messages, and Standard Webhooks requires a new one for each attempt.
   */
  readonly now?: () => Date;
}

export interface WebhookReport {
  readonly delivered: number;
}

/** Four attempts of 8 s and the delays between them fit into the function's timeout of 75 s. */
export const WEBHOOK_HTTP: HttpOptions = { connections: 1, attemptTimeoutMs: 8000 };

/**
 * SNS handler that delivers messages to one webhook. Throws a {@link import("./webhook/errors.ts").WebhookError}, or
 * what SSM throws; Lambda then tries the event again, under the same id.
 */
export function createWebhookHandler(
  options: WebhookOptions,
  dependencies: WebhookDependencies = {},
): (event: SNSEvent) => Promise<WebhookReport> {
  const { ssm = new SSMClient({}), http = createHttpClient(WEBHOOK_HTTP) } = dependencies;
  const { log = createLog("webhook"), now = () => new Date() } = dependencies;
  const { name, format, parameterName } = options;

  return async ({ Records }) => {
    const messages = Records.map(({ Sns }) => readMessage(name, Sns));
    // Read for each event and not at init, so that a changed URL applies to the next message. Messages are rare.
    const value = await readSecretParameter(ssm, parameterName, allowedTarget(format));
    const target = parseTarget(format, parameterName, value);
    for (const { kind, pollId, ...message } of messages) {
      const answer = await deliver(name, target, message, () => http.send(requestFor(target, message, now)));
      const { host } = new URL(target.url);
      log.info("webhook delivered", {
        webhook: name,
        id: message.id,
        pollId,
        kind,
        host,
        status: answer.status,
      });
    }
    return { delivered: messages.length };
  };
}

/** The fields that a delivery needs. Receivers interpret the others. */
const programMessage = z.looseObject({
  kind: z.string(),
  text: z.string().check(z.minLength(1)),
  pollId: z.optional(z.string()),
});

interface ReadMessage extends OutgoingMessage {
  readonly kind: string;
  readonly pollId: string | undefined;
}

function readMessage(name: string, { MessageId, Message }: SNSMessage): ReadMessage {
  const parsed = programMessage.safeParse(parseJson(Message));
  if (parsed.success) {
    const { kind, text, pollId } = parsed.data;
    return { id: MessageId, kind, pollId, text, json: Message };
  }
  throw new WebhookMessageError(
    `webhook ${name}: message ${MessageId} is not for programs; allowed is JSON with kind and text`,
  );
}

async function deliver(
  name: string,
  target: WebhookTarget,
  { id }: OutgoingMessage,
  send: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const who = `webhook ${name}: ${new URL(target.url).host}`;
  const answer = await send().catch((error: unknown) => {
    if (!(error instanceof NoAnswerError)) throw error;
    // The cause is dropped because it may quote what the receiver sent.
    throw new WebhookUnavailableError(`${who} did not answer: ${error.message}; message ${id}`);
  });
  const { status, body } = answer;
  if (isSuccess(status)) return answer;
  const reason = reasonOf(target, body);
  const text = `${who} answered ${status}${reason === undefined ? "" : ` (${reason})`}; message ${id}`;
  throw isTransient(status) ? new WebhookUnavailableError(text) : new WebhookRefusedError(text);
}
