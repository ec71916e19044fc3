import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";
import { createAlertStateStore } from "./clients/alert-state-store.ts";
import { createCapStore } from "./clients/cap-store.ts";
import { createLog, type Log, type Sends } from "./clients/dependencies.ts";
import { createDrillsStore } from "./clients/drills-store.ts";
import type { MetricOf } from "./clients/metric-names.ts";
import { counted, createMeter, type Meter } from "./clients/metrics.ts";
import { createPublisher, LEVEL_OF_SCHEDULED, type Routing } from "./clients/publisher.ts";
import { readSilentStations } from "./clients/stations-store.ts";
import { type Drill, drillTransition } from "./weather/alerts/drill.ts";
import { hazardWatches } from "./weather/alerts/watching.ts";
import type { LocationReport } from "./weather/messages/digest-location.ts";
import { digestMessage } from "./weather/messages/digest-message.ts";
import type { Issuer } from "./weather/messages/issuer.ts";
import { wordsOf } from "./weather/messages/language.ts";
import type { Message } from "./weather/messages/message.ts";
import { drillMessage, textMessage } from "./weather/messages/scheduled-message.ts";
import type { Language } from "./weather/messages/tags.ts";
import type { Words } from "./weather/messages/words.ts";
import type { Location } from "./weather/observation/location.ts";
import { formatUtc } from "./weather/observation/time.ts";
import { hazardsOf, keptMetrics, rulesForLocation, type StackRules } from "./weather/rules/plan.ts";
import { type CompiledRule, compileRules, LEVEL_RANKS } from "./weather/rules/rules.ts";

/** Content of a scheduled message. */
export type Content =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "digest" }
  | ({ readonly kind: "drill" } & Drill);

/** A configured message that a schedule sends. */
export type ScheduledMessage = Content & {
  /** `all`, or names of subscriptions, groups and webhooks. */
  readonly audience: "all" | readonly string[];
  /** Ids of the locations it is about. Defaults to all locations. */
  readonly locations?: readonly string[];
};

export interface NotifyOptions extends StackRules {
  readonly bucketName: string;
  readonly topicArn: string;
  readonly locations: readonly Location[];
  /** Languages of the subscribers. */
  readonly languages: readonly Language[];
  readonly maxPriceUsd: number;
  readonly messages: Readonly<Record<string, ScheduledMessage>>;
  /** Sender of the CAP messages. */
  readonly capSender: string;
  readonly issuer?: Issuer;
}

export interface NotifyEvent {
  /** Key in `messages`. */
  readonly message: string;
  /** ISO 8601, `<aws.scheduler.scheduled-time>`. */
  readonly scheduledTime: string;
}

export interface NotifyReport {
  readonly message: string;
  /** One subject for each language. */
  readonly subjects: readonly string[];
}

export interface NotifyDependencies {
  readonly s3?: Sends<S3Client>;
  readonly sns?: Sends<SNSClient>;
  readonly log?: Log;
  readonly meter?: Meter<MetricOf<"notify">>;
}

/** Thrown when a schedule names a message that is not configured, or an invalid time. */
export class NotifyError extends Error {
  override readonly name = "NotifyError";
}

/** Handler that a schedule invokes to send a configured message. Throws {@link NotifyError}, and what S3 and SNS throw. */
export function createNotifyHandler(
  options: NotifyOptions,
  dependencies: NotifyDependencies = {},
): (event: NotifyEvent) => Promise<NotifyReport> {
  const { s3 = new S3Client({}), sns = new SNSClient({}), log = createLog("notify") } = dependencies;
  const { meter = createMeter("notify") } = dependencies;
  const store = createAlertStateStore(s3, options.bucketName, log);
  const publish = createPublisher(sns, options);
  const { bucketName, capSender: sender, languages, issuer = {} } = options;
  const cap = createCapStore(s3, { bucketName, sender, languages, issuer }, log);
  const drills = createDrillsStore(s3, bucketName, log);

  return counted(meter, async ({ message: key, scheduledTime }) => {
    const scheduled = scheduledMessage(options.messages, key);
    const time = readTime(scheduledTime);
    const { locations: ids } = scheduled;
    const locations = options.locations.filter(({ id }) => ids === undefined || ids.includes(id));
    const reports = scheduled.kind === "digest" ? await readReports(locations) : [];
    // CAP comes before the messages because writing it twice changes nothing, and sending a message twice does.
    if (scheduled.kind === "drill") await writeDrill(scheduled, locations, time);
    const subjects: string[] = [];
    for (const language of options.languages) {
      const message = compose(scheduled, { locations, reports, time, words: wordsOf(language), issuer });
      const routing = routingOf(scheduled, locations, options.locations, language);
      const snsMessageId = await publish(message, routing);
      meter.add("MessagesPublished", 1);
      subjects.push(message.subject);
      const { kind } = scheduled;
      log.info("message published", { name: key, kind, scheduledTime, language, snsMessageId });
    }
    return { message: key, subjects };
  });

  /** Lists the exercises before it publishes them, so that each is cancelled even if the function crashes in between. */
  async function writeDrill(drill: Drill, locations: readonly Location[], time: Date): Promise<void> {
    const sent = formatUtc(time);
    const exercises = locations.flatMap((location) => {
      const transition = drillTransition(drill, location, rulesForLocation(location.id, options), time);
      return transition === undefined ? [] : [{ location, transition }];
    });
    if (exercises.length === 0) return;
    const ids = new Set(exercises.map(({ transition }) => transition.id));
    await drills.update((running) => [
      ...running.filter(({ transition }) => !ids.has(transition.id)),
      ...exercises.map(({ transition }) => ({ transition, sent })),
    ]);
    for (const { location, transition } of exercises) {
      await cap.write(transition, location, { exercise: true, publication: { sent, references: [] } });
    }
  }

  /** Reads the state of the locations once, so that all languages show the same values. */
  async function readReports(locations: readonly Location[]): Promise<LocationReport[]> {
    const silent = await readSilentStations(s3, options.bucketName, log);
    return await Promise.all(
      locations.map(async (location) => {
        const { state, etag } = await store.load(location.id);
        const silentSince = silent.get(location.id);
        const rules = compileRules(rulesForLocation(location.id, options));
        return {
          location,
          watches: hazardWatches(hazardsOf(rules), etag === undefined ? undefined : state),
          minima: minimaOf(rules),
          ...(etag !== undefined && { state }),
          ...(silentSince !== undefined && { silentSince }),
        };
      }),
    );
  }
}

/** Metrics whose history keeps the lowest value of each hour, because all their rules have `below`. */
function minimaOf(rules: readonly CompiledRule[]): string[] {
  return keptMetrics(rules).flatMap(({ metric, aggregate }) => (aggregate === "min" ? [metric] : []));
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
  /** For a digest, the reports of these locations. */
  readonly reports: readonly LocationReport[];
  readonly time: Date;
  readonly words: Words;
  readonly issuer: Issuer;
}

function compose(content: Content, { locations, reports, time, words, issuer }: Context): Message {
  switch (content.kind) {
    case "text":
      return textMessage(content.text, words, issuer);
    case "digest":
      return digestMessage(reports, time, words, issuer);
    case "drill":
      return drillMessage(content, locations, time, words, issuer);
  }
}

/**
 * Subscriptions filter by level and location. A text or digest to all goes to the subscribers of its locations, whatever
 * their level. A drill to all goes where an alert of its level would go, since that is what it tests. A message to named
 * subscribers reaches them whatever their level and locations are.
 */
function routingOf(
  scheduled: ScheduledMessage,
  about: readonly Location[],
  all: readonly Location[],
  language: Language,
): Routing {
  const { audience } = scheduled;
  const isTrial = scheduled.kind === "drill" && audience === "all";
  return {
    audience,
    level: isTrial ? LEVEL_RANKS[scheduled.level] : LEVEL_OF_SCHEDULED,
    location: (audience === "all" ? about : all).map(({ id }) => id),
    language,
    hazard: scheduled.kind === "drill" ? scheduled.hazard : "none",
    kind: scheduled.kind === "text" ? "message" : scheduled.kind,
  };
}
