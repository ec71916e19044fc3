import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";
import { type AlertStateStore, createAlertStateStore } from "./aws/alert-state-store.ts";
import { createLog, type Log, type Sends } from "./aws/dependencies.ts";
import { createPublisher, LEVEL_OF_SCHEDULED, type Routing } from "./aws/publisher.ts";
import type { Location } from "./weather/location.ts";
import { type Language, type Words, wordsOf } from "./weather/messages/language.ts";
import type { Message } from "./weather/messages/message.ts";
import { digestMessage, textMessage } from "./weather/messages/scheduled-message.ts";

/** A message of config that a schedule sends. */
export interface ScheduledMessage {
  readonly kind: "text" | "digest";
  /** Of a text. */
  readonly text?: string;
  readonly audience: "all" | readonly string[];
  /** Ids of the places it is about; absent: all. */
  readonly locations?: readonly string[];
}

export interface NotifyOptions {
  readonly bucketName: string;
  readonly topicArn: string;
  readonly locations: readonly Location[];
  /** Those that subscribers have. */
  readonly languages: readonly Language[];
  readonly maxPriceUsd: number;
  readonly messages: Readonly<Record<string, ScheduledMessage>>;
}

export interface NotifyEvent {
  /** Key in `messages`. */
  readonly message: string;
  /** ISO 8601, `<aws.scheduler.scheduled-time>`. */
  readonly scheduledTime: string;
}

export interface NotifyReport {
  readonly message: string;
  /** One for each language. */
  readonly subjects: readonly string[];
}

export interface NotifyDependencies {
  readonly s3?: Sends<S3Client>;
  readonly sns?: Sends<SNSClient>;
  readonly log?: Log;
}

/** Thrown when a schedule names a message that config does not have, a text has no text, or the time is none. */
export class NotifyError extends Error {
  override readonly name = "NotifyError";
}

/** Handler that a schedule invokes to send a message of config. Throws {@link NotifyError}, and what S3 and SNS throw. */
export function createNotifyHandler(
  options: NotifyOptions,
  dependencies: NotifyDependencies = {},
): (event: NotifyEvent) => Promise<NotifyReport> {
  const { s3 = new S3Client({}), sns = new SNSClient({}), log = createLog("notify") } = dependencies;
  const store = createAlertStateStore(s3, options.bucketName, log);
  const publish = createPublisher(sns, options);

  return async ({ message: key, scheduledTime }) => {
    const scheduled = scheduledMessage(options.messages, key);
    const time = readTime(scheduledTime);
    const { locations: ids } = scheduled;
    const locations = options.locations.filter(({ id }) => ids === undefined || ids.includes(id));
    const subjects: string[] = [];
    for (const language of options.languages) {
      const context = { locations, time, store, words: wordsOf(language) };
      const message = await compose(key, scheduled, context);
      await publish(message, routingOf(scheduled, locations, options.locations, language));
      subjects.push(message.subject);
    }
    log.info("message published", { message: key, kind: scheduled.kind, scheduledTime });
    return { message: key, subjects };
  };
}

function scheduledMessage(messages: NotifyOptions["messages"], key: string): ScheduledMessage {
  const scheduled = Object.hasOwn(messages, key) ? messages[key] : undefined;
  if (scheduled !== undefined) return scheduled;
  throw new NotifyError(
    `message "${key}" is not in the config; allowed are ${Object.keys(messages).join(", ")}`,
  );
}

function readTime(scheduledTime: string): Date {
  const time = parseISO(scheduledTime);
  if (isValid(time)) return time;
  throw new NotifyError(`scheduledTime "${scheduledTime}" is not an ISO 8601 time`);
}

interface Context {
  readonly locations: readonly Location[];
  readonly time: Date;
  readonly store: AlertStateStore;
  readonly words: Words;
}

async function compose(
  key: string,
  { kind, text }: ScheduledMessage,
  { locations, time, store, words }: Context,
): Promise<Message> {
  if (kind === "text") {
    if (text === undefined)
      throw new NotifyError(`message "${key}" has no text; a message of kind text needs one`);
    return textMessage(text, words);
  }
  const places = await Promise.all(
    locations.map(async (location) => {
      const { state, etag } = await store.load(location.id);
      return etag === undefined ? { location } : { location, state };
    }),
  );
  return digestMessage(places, time, words);
}

/**
 * Subscriptions filter by place too: a message to everybody goes to those of its places, one to people by name must
 * reach them whatever their places are.
 */
function routingOf(
  { kind, audience }: ScheduledMessage,
  about: readonly Location[],
  all: readonly Location[],
  language: Language,
): Routing {
  return {
    audience,
    level: LEVEL_OF_SCHEDULED,
    location: (audience === "all" ? about : all).map(({ id }) => id),
    language,
    hazard: "none",
    kind: kind === "text" ? "message" : "digest",
  };
}
