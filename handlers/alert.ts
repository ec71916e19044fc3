import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import {
  type AlertStateStore,
  createAlertStateStore,
  StateConflictError,
  type StoredState,
} from "./aws/alert-state-store.ts";
import { createLog, type Log, type Sends } from "./aws/dependencies.ts";
import { createPublisher, type Publish } from "./aws/publisher.ts";
import { type StreamRecord, toStreamRecord } from "./aws/stream-record.ts";
import { evaluate, type Observation, toObservation } from "./weather/evaluate.ts";
import type { Location } from "./weather/location.ts";
import { alertMessage } from "./weather/messages/alert-message.ts";
import { type Language, wordsOf } from "./weather/messages/language.ts";
import { type CompiledPlan, compilePlan } from "./weather/plan.ts";
import { implausibleTime, parseRecord } from "./weather/record.ts";
import { LEVEL_RANKS, type Rule } from "./weather/rules.ts";
import type { AlertState, Transition } from "./weather/state.ts";

export interface AlertOptions {
  readonly bucketName: string;
  readonly topicArn: string;
  readonly locations: readonly Location[];
  readonly rules: readonly Rule[];
  /** Those that subscribers have. */
  readonly languages: readonly Language[];
  readonly maxPriceUsd: number;
}

export interface AlertDependencies {
  readonly s3?: Sends<S3Client>;
  readonly sns?: Sends<SNSClient>;
  readonly log?: Log;
}

/** Two shards meet over a location only while the stream is resharded, and then once. */
const MAX_TRIES = 5;

/** One observation and the record it came in. */
interface Sighting {
  readonly sequenceNumber: string;
  readonly observation: Observation;
}

/**
 * Kinesis handler that turns observations into alerts. Locations are independent: a failing one is reported by its
 * first record, and the stream delivers it again from there; what had been done by then changes nothing twice.
 *
 * Powertools' batch processor is not used: it takes records one by one, here a location's records go together,
 * in order, into one state.
 */
export function createAlertHandler(
  options: AlertOptions,
  dependencies: AlertDependencies = {},
): (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> {
  const { s3 = new S3Client({}), sns = new SNSClient({}), log = createLog("alert") } = dependencies;
  const locations = new Map(options.locations.map((location) => [location.id, location]));
  const alerts = createAlerts({
    store: createAlertStateStore(s3, options.bucketName, log),
    plans: new Map(options.locations.map(({ id, timeZone }) => [id, planOf(options.rules, timeZone)])),
    languages: options.languages,
    announce: createAnnouncer(createPublisher(sns, options), options.languages),
    log,
  });

  return async ({ Records }) => {
    const sightings = Records.map(toStreamRecord).flatMap((record) => toSighting(record, locations, log));
    const groups = Map.groupBy(sightings, ({ observation }) => observation.location);
    const failures = await Promise.all(
      [...groups].map(async ([id, group]) => {
        const location = locations.get(id);
        const first = group[0];
        if (location === undefined || first === undefined) return [];
        try {
          await alerts.take(
            location,
            group.map(({ observation }) => observation),
          );
          return [];
        } catch (error) {
          log.error("alerts of a location failed", { location: id, reason: String(error) });
          return [{ itemIdentifier: first.sequenceNumber }];
        }
      }),
    );
    return { batchItemFailures: failures.flat() };
  };
}

/** A record that is no observation of ours is logged and left to the archive's quarantine. */
function toSighting(record: StreamRecord, locations: ReadonlyMap<string, Location>, log: Log): Sighting[] {
  const { sequenceNumber, arrivedAt } = record;
  const parsed = parseRecord(record.bytes);
  if (!parsed.ok) {
    log.warn("a record is skipped", { sequenceNumber, reason: parsed.reason, detail: parsed.detail });
    return [];
  }
  const observation = toObservation(parsed.record);
  const detail = locations.has(observation.location)
    ? implausibleTime(parsed.record, arrivedAt, "alert")
    : `location ${observation.location} is not in the config`;
  if (detail === undefined) return [{ sequenceNumber, observation }];
  log.warn("a record is skipped", { sequenceNumber, detail });
  return [];
}

type Announce = (transition: Transition, location: Location) => Promise<void>;

function createAnnouncer(publish: Publish, languages: readonly Language[]): Announce {
  return async (transition, location) => {
    for (const language of languages) {
      await publish(alertMessage(transition, location, wordsOf(language)), {
        audience: "all",
        level: LEVEL_RANKS[transition.level],
        location: location.id,
        language,
        hazard: transition.hazard,
        kind: transition.kind,
      });
    }
  };
}

function planOf(rules: readonly Rule[], timeZone: string): CompiledPlan {
  return compilePlan({ rules, timeZone, silences: [], yellow: "message" });
}

interface AlertsOptions {
  readonly store: AlertStateStore;
  /** By location. */
  readonly plans: ReadonlyMap<string, CompiledPlan>;
  readonly languages: readonly Language[];
  readonly announce: Announce;
  readonly log: Log;
}

function createAlerts({ store, plans, languages, announce, log }: AlertsOptions) {
  // What this container wrote last; a container keeps a shard's records in order, so it is mostly still true.
  const known = new Map<string, StoredState>();

  /** Publishes what is pending, one by one; each is off the list as soon as SNS has taken it. */
  const flush = async (location: Location, pending: StoredState): Promise<StoredState> => {
    let stored = pending;
    for (
      let [next, ...rest] = stored.state.pending;
      next !== undefined;
      [next, ...rest] = stored.state.pending
    ) {
      const { transition } = next;
      await announce(transition, location);
      log.info("alert published", { id: transition.id, level: transition.level, value: transition.value });
      stored = await store.save(location.id, { ...stored.state, pending: rest }, stored);
    }
    return stored;
  };

  const takeOnce = async (location: Location, observations: readonly Observation[]): Promise<StoredState> => {
    const stored = await flush(location, known.get(location.id) ?? (await store.load(location.id)));
    const plan = plans.get(location.id);
    const next = plan === undefined ? stored.state : evaluateAll(stored.state, observations, plan, languages);
    if (next === stored.state) return stored;
    return flush(location, await store.save(location.id, next, stored));
  };

  return {
    /** Takes a location's observations in order. Transitions are stored before they are published: none is lost. */
    async take(location: Location, observations: readonly Observation[]): Promise<void> {
      for (let tries = 1; ; tries++) {
        try {
          known.set(location.id, await takeOnce(location, observations));
          return;
        } catch (error) {
          known.delete(location.id);
          if (!(error instanceof StateConflictError) || tries === MAX_TRIES) throw error;
        }
      }
    },
  };
}

function evaluateAll(
  state: AlertState,
  observations: readonly Observation[],
  plan: CompiledPlan,
  languages: readonly Language[],
): AlertState {
  let next = state;
  const pending = [...state.pending];
  for (const observation of observations) {
    const evaluation = evaluate(next, observation, plan);
    next = evaluation.state;
    pending.push(...evaluation.transitions.map((transition) => ({ transition, languages })));
  }
  return next === state ? state : { ...next, pending };
}
