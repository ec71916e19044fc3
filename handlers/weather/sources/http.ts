import {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpOptions,
  NoAnswerError,
} from "../../http/http-client.ts";
import { errorOfStatus, type SourceError, UnavailableError } from "./errors.ts";

export interface HttpRequest {
  readonly url: URL;
  /** Names the service in errors. */
  readonly service: string;
  /** Says what an error body means. The message is cleared of `secrets` afterwards. */
  readonly explain: (body: string) => string | undefined;
  readonly secrets?: readonly string[];
}

export interface Http {
  /** The body of a 2xx answer. Throws a {@link SourceError}. */
  get(request: HttpRequest): Promise<string>;
  close(): Promise<void>;
}

/**
 * HTTP to weather services. Its four parallel calls stay near Tomorrow.io's 3 a second (free plan); what exceeds it is
 * told by a 429 and retried.
 */
export function createHttp(options: HttpOptions = {}): Http {
  const client = createHttpClient(options);
  return { get: (call) => get(client, call), close: () => client.close() };
}

async function get(client: HttpClient, call: HttpRequest): Promise<string> {
  const answer = await client.send({ url: call.url }).catch((error: unknown) => {
    throw error instanceof NoAnswerError ? unanswered(call, error) : error;
  });
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw refusal(call, answer);
}

function unanswered(call: HttpRequest, { message, cause }: NoAnswerError): UnavailableError {
  return new UnavailableError(conceal(`${call.service} did not answer: ${message}`, call.secrets), { cause });
}

function refusal(call: HttpRequest, { status, body }: HttpAnswer): SourceError {
  const meaning = call.explain(body) ?? "no reason given";
  return errorOfStatus(status, conceal(`${call.service} answered ${status}: ${meaning}`, call.secrets));
}

/** Services like to quote the request in their errors, and Tomorrow.io's request carries the key in its query. */
function conceal(message: string, secrets: readonly string[] = []): string {
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return spellings
    .filter((secret) => secret !== "")
    .reduce((text, secret) => text.replaceAll(secret, "***"), message);
}
