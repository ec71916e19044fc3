import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { createDelivery, type Deliver } from "./clients/alert-delivery.ts";
import {
  type AlertStateStore,
  createAlertStateStore,
  type StoredState,
} from "./clients/alert-state-store.ts";
import { createCapStore } from "./clients/cap-store.ts";
import { ConflictError } from "./clients/compare-and-swap.ts";
import { createLog, type Log, type Sends } from "./clients/dependencies.ts";
import type { MetricOf } from "./clients/metric-names.ts";
import { counted, createMeter, type Meter } from "./clients/metrics.ts";
import { createPublisher } from "./clients/publisher.ts";
import { type StreamRecord, toStreamRecord } from "./clients/stream-record.ts";
import { createTransitionArchive } from "./clients/transition-archive.ts";
import { evaluate, type Observation, toObservation } from "./weather/alerts/evaluate.ts";
import type { AlertState } from "./weather/alerts/state.ts";
import { publicationOf, rememberPublication } from "./weather/cap/publication.ts";
import type { Issuer } from "./weather/messages/issuer.ts";
import type { Language } from "./weather/messages/tags.ts";
import type { Location } from "./weather/observation/location.ts";
import { implausibleTime, parseRecord, pollIdOf } from "./weather/observation/record.ts";
import { type QuietHours, type Silence, silencesForLocation } from "./weather/rules/mute.ts";
import {
  type AlertPlan,
  type CompiledPlan,
  compilePlan,
  type Doubtful,
  rulesForLocation,
  type StackRules,
} from "./weather/rules/plan.ts";

export interface AlertOptions extends StackRules {
  readonly bucketName: string;
  readonly topicArn: string;
  readonly locations: readonly Location[];
  /** Languages of the subscribers. */
  readonly languages: readonly Language[];
  readonly quietHours?: QuietHours;
  /** Silences by name. */
  readonly silences: Readonly<Record<string, Silence>>;
  readonly yellow: AlertPlan["yellow"];
  readonly doubtful: Doubtful;
  /** Highest price of an SMS in US dollars. SNS does not send one that would cost more. */
  readonly maxPriceUsd: number;
  /** Sender of the CAP messages. */
  readonly capSender: string;
  readonly issuer?: Issuer;
}

interface AlertDependencies {
  readonly s3?: Sends<S3Client>;
  readonly sns?: Sends<SNSClient>;
  readonly log?: Log;
  readonly meter?: Meter<MetricOf<"alert">>;
}

/** Thrown when some effects of a decision failed. Kinesis must redeliver the batch so that they are retried. */
class UndeliveredError extends Error {
  override readonly name = "UndeliveredError";
}

/** Two shards write the state of one location only while the stream is resharded, and then once. */
const MAX_TRIES = 5;

interface MonitoredLocation {
  readonly location: Location;
  readonly plan: CompiledPlan;
}

/** An observation and the stream record that carried it. */
interface ObservationRecord {
  readonly sequenceNumber: string;
  /** Arrival on the stream. It is the publication time of what the observation decides. */
  readonly arrivedAt: Date;
  readonly observation: Observation;
  /** Id of the poll that fetched it, for the logs. */
  readonly pollId: string | undefined;
}

/**
 * Kinesis handler that evaluates the alert rules and notifies subscribers. It groups a batch by location and evaluates
 * each group in order. Locations are independent: a location that fails is reported as a batch item failure, by its first
 * record, and Kinesis redelivers from there. Observations that were evaluated before change nothing.
 * Throws {@link import("./weather/rules/rules.ts").RuleError} at init.
 *
 * Powertools' batch processor is not used because it processes records one by one, and here the records of a location are
 * evaluated together.
 */
export function createAlertHandler(
  options: AlertOptions,
  dependencies: AlertDependencies = {},
): (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> {
  const { s3 = new S3Client({}), sns = new SNSClient({}), log = createLog("alert") } = dependencies;
  const { meter = createMeter("alert") } = dependencies;
  const { bucketName, capSender: sender, languages, issuer = {} } = options;
  const store = createAlertStateStore(s3, bucketName, log);
  const cap = createCapStore(s3, { bucketName, sender, languages, issuer }, log);
  const archive = createTransitionArchive(s3, bucketName);
  const deliver = createDelivery({
    store,
    cap,
    archive,
    publish: createPublisher(sns, options),
    issuer,
    log,
    meter,
  });
  const processRecords = createRecordProcessor({ store, deliver, languages });
  const monitored = monitoredLocations(options);

  return counted(meter, async ({ Records }) => {
    const records = Records.map(toStreamRecord).flatMap((record) =>
      toObservationRecord(record, monitored, log),
    );
    meter.add("ObservationsUsed", records.length);
    meter.add("ObservationsUnusable", Records.length - records.length);
    const groups = Map.groupBy(records, ({ observation }) => observation.location);
    const failures = await Promise.all(
      [...groups].map(async ([id, group]) => {
        const monitoredLocation = monitored.get(id);
        const first = group[0];
        if (monitoredLocation === undefined || first === undefined) return [];
        try {
          await processRecords(monitoredLocation, group);
          log.info("observations evaluated", {
            location: id,
            records: group.length,
            pollIds: pollIdsOf(group),
          });
          return [];
        } catch (error) {
          meter.add("LocationsFailed", 1);
          const [pollIds, reason] = [pollIdsOf(group), String(error)];
          log.error("alerts of a location failed", { location: id, pollIds, reason });
          return [{ itemIdentifier: first.sequenceNumber }];
        }
      }),
    );
    return { batchItemFailures: failures.flat() };
  });
}

/** Only the last polls of a batch are logged, since a batch can hold a day of them. */
const MAX_LOGGED_POLLS = 20;

function pollIdsOf(records: readonly ObservationRecord[]): string[] {
  const ids = new Set(records.flatMap(({ pollId }) => pollId ?? []));
  return [...ids].slice(-MAX_LOGGED_POLLS);
}

function monitoredLocations(options: AlertOptions): ReadonlyMap<string, MonitoredLocation> {
  const { quietHours, silences, yellow, doubtful } = options;
  const monitored = options.locations.map((location): [string, MonitoredLocation] => {
    const { id, timeZone } = location;
    const plan = compilePlan({
      rules: rulesForLocation(id, options),
      timeZone,
      ...(quietHours && { quietHours }),
      silences: silencesForLocation(id, silences),
      yellow,
      doubtful,
    });
    return [id, { location, plan }];
  });
  return new Map(monitored);
}

/** Records that are not observations of a configured location are logged and skipped. The archive quarantines them. */
function toObservationRecord(
  record: StreamRecord,
  monitored: ReadonlyMap<string, MonitoredLocation>,
  log: Log,
): ObservationRecord[] {
  const { sequenceNumber, arrivedAt } = record;
  const parsed = parseRecord(record.bytes);
  if (!parsed.ok) {
    log.warn("a record is skipped", { sequenceNumber, reason: parsed.reason, detail: parsed.detail });
    return [];
  }
  const observation = toObservation(parsed.record);
  const pollId = pollIdOf(parsed.record);
  const detail = monitored.has(observation.location)
    ? implausibleTime(parsed.record, arrivedAt, "alert")
    : `location ${observation.location} is not in the config`;
  if (detail === undefined) return [{ sequenceNumber, arrivedAt, observation, pollId }];
  log.warn("a record is skipped", { sequenceNumber, pollId, detail });
  return [];
}

interface ProcessorOptions {
  readonly store: AlertStateStore;
  readonly deliver: Deliver;
  readonly languages: readonly Language[];
}

/** Evaluates the observations of a location until no notification is pending. docs/decisions/0003 explains the order of effects. */
function createRecordProcessor({ store, deliver, languages }: ProcessorOptions) {
  // The state that this container stored last. It is usually current, since one container processes a shard in order.
  const known = new Map<string, StoredState>();

  return async (
    { location, plan }: MonitoredLocation,
    records: readonly ObservationRecord[],
  ): Promise<void> => {
    const { id } = location;
    const found = known.get(id) ?? (await store.load(id));
    known.delete(id);
    let stored = found;
    for (let tries = 1; ; ) {
      let isNotifying = hasMessages(stored.state);
      try {
        stored = await deliver(location, stored);
        isNotifying = false;
        const next = decideNext(stored.state, records, plan, languages);
        if (next === stored.state) break;
        stored = await store.save(id, next, stored);
      } catch (error) {
        if (!(error instanceof ConflictError) || isNotifying || tries++ === MAX_TRIES) throw error;
        stored = await store.load(id);
        if (hasMessages(stored.state)) throw error; // The other writer is publishing these messages. Publishing here would repeat them.
      }
    }
    const [unfinished] = stored.state.pending;
    if (unfinished !== undefined)
      throw new UndeliveredError(`${unfinished.transition.id} lacks its CAP document or its archived line`);
    known.set(id, stored);
  };
}

/** Whether messages to subscribers are pending. CAP documents and archived lines are idempotent, messages are not. */
function hasMessages({ pending }: AlertState): boolean {
  return pending.some(({ languages }) => languages.length > 0);
}

/**
 * Evaluates observations until one of them produces a transition, and returns the state with that transition pending.
 * Returns the same object when no observation is new. Stopping at each transition makes a message show the history at its
 * own time, and not that of later observations of the batch.
 */
function decideNext(
  state: AlertState,
  records: readonly ObservationRecord[],
  plan: CompiledPlan,
  languages: readonly Language[],
): AlertState {
  let next = state;
  for (const { observation, pollId, arrivedAt } of records) {
    const before = next.hazards;
    const { state: evaluated, announced, digestOnly } = evaluate(next, observation, plan);
    next = evaluated;
    if (announced.length === 0 && digestOnly.length === 0) continue;
    const decided = [
      ...announced.map((transition) => ({ transition, languages: [...languages] })),
      // Digest-only transitions need no message. The next digest lists them.
      ...digestOnly.map((transition) => ({ transition, languages: [] })),
    ].map((decision) => ({
      ...decision,
      ...(pollId !== undefined && { pollId }),
      cap: publicationOf(before[decision.transition.hazard], arrivedAt),
    }));
    const hazards = decided.reduce(
      (all, { transition, cap }) => rememberPublication(all, transition, cap),
      next.hazards,
    );
    return { ...next, hazards, pending: [...next.pending, ...decided] };
  }
  return next;
}
