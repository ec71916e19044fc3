import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";
import { createAlertStateStore, type StoredState } from "./clients/alert-state-store.ts";
import { createCapUpkeep } from "./clients/cap-upkeep.ts";
import { createLog, type Log, type Sends } from "./clients/dependencies.ts";
import type { MetricOf } from "./clients/metric-names.ts";
import { counted, createMeter, type Meter } from "./clients/metrics.ts";
import { createPlainPublisher } from "./clients/publisher.ts";
import { createStationsStore, type StoredStations } from "./clients/stations-store.ts";
import type { AlertState } from "./weather/alerts/state.ts";
import {
  type LastSeen,
  type SilenceRule,
  type StationNotice,
  watchStations,
} from "./weather/alerts/stations.ts";
import type { Issuer } from "./weather/messages/issuer.ts";
import { wordsOf } from "./weather/messages/language.ts";
import { toSubject } from "./weather/messages/message.ts";
import { type OpsMessage, stationMessage } from "./weather/messages/station-message.ts";
import type { Language } from "./weather/messages/tags.ts";
import type { Location } from "./weather/observation/location.ts";
import { formatUtc } from "./weather/observation/time.ts";
import type { Silence } from "./weather/rules/mute.ts";

export interface WatchOptions {
  readonly bucketName: string;
  /** ARN of the operations topic. */
  readonly topicArn: string;
  readonly locations: readonly Location[];
  readonly silence: SilenceRule;
  readonly language: Language;
  /** Languages of the subscribers. CAP messages have one block for each. */
  readonly languages: readonly Language[];
  /** Sender of the CAP messages. */
  readonly capSender: string;
  readonly issuer?: Issuer;
  /** Silences by name. */
  readonly silences: Readonly<Record<string, Silence>>;
  /** First and last words of every message: the stack, and a link to the runbook. */
  readonly frame: { readonly before: string; readonly after: string };
}

export interface WatchEvent {
  /** ISO 8601: when the rule fired. */
  readonly time: string;
}

export interface WatchReport {
  /** Ids of the silent stations. */
  readonly silent: readonly string[];
  /** Number of messages sent, including those that an earlier invocation left pending. */
  readonly notified: number;
}

interface WatchDependencies {
  readonly s3?: Sends<S3Client>;
  readonly sns?: Sends<SNSClient>;
  readonly log?: Log;
  readonly meter?: Meter<MetricOf<"watch">>;
}

/**
 * Thrown when the time of the event is invalid, the state of a location cannot be read, or a CAP message cannot be written.
 */
export class WatchError extends Error {
  override readonly name = "WatchError";
}

/**
 * Scheduled handler that finds silent stations and notifies operations once when a station falls silent and once when it is
 * back. Notices are stored before they are sent, and removed one by one, so that none is lost and a crash repeats at most
 * one. It also renews CAP alerts that would expire and cancels drills that are over, because both become due without an
 * observation (docs/decisions/0018). Subscribers are not notified of these.
 *
 * Throws {@link WatchError} after it has checked the other stations, the errors of S3 and SNS, and
 * {@link import("./clients/compare-and-swap.ts").ConflictError} when two invocations overlap. Lambda then retries.
 */
export function createWatchHandler(
  options: WatchOptions,
  dependencies: WatchDependencies = {},
): (event: WatchEvent) => Promise<WatchReport> {
  const { s3 = new S3Client({}), sns = new SNSClient({}), log = createLog("watch") } = dependencies;
  const { meter = createMeter("watch") } = dependencies;
  const store = createStationsStore(s3, options.bucketName, log);
  const alertStates = createAlertStateStore(s3, options.bucketName, log);
  const publish = createPlainPublisher(sns, options.topicArn);
  const upkeep = createCapUpkeep(s3, alertStates, { ...options, sender: options.capSender }, log);

  const notify = async (notice: StationNotice): Promise<void> => {
    const location = options.locations.find(({ id }) => id === notice.location);
    if (location === undefined) return; // The location is no longer configured.
    const { kind, time, lastSeen, polls, metric } = notice;
    const station = {
      location,
      polls,
      ...(metric !== undefined && { metric }),
      ...(lastSeen !== undefined && { lastSeen: parseISO(lastSeen) }),
    };
    const message = stationMessage(kind, station, parseISO(time), wordsOf(options.language));
    const snsMessageId = await publish(framed(message, options.frame));
    log.info("ops notified of a station", { ...notice, snsMessageId });
  };

  const notifyPending = async (found: StoredStations): Promise<StoredStations> => {
    let stored = found;
    for (const [index, notice] of found.state.pending.entries()) {
      await notify(notice);
      stored = await store.save({ ...stored.state, pending: found.state.pending.slice(index + 1) }, stored);
    }
    return stored;
  };

  const readLastSeen = async (): Promise<{
    lastSeen: ReadonlyMap<string, LastSeen | undefined>;
    found: ReadonlyMap<Location, StoredState>;
    failures: string[];
  }> => {
    const failures: string[] = [];
    const found = new Map<Location, StoredState>();
    const read = async (location: Location): Promise<[string, LastSeen | undefined]> => {
      const { id } = location;
      try {
        const stored = await alertStates.load(id);
        found.set(location, stored);
        return [id, lastSeenOf(stored.state)];
      } catch (error) {
        failures.push(`${id}: ${String(error)}`);
        return [id, undefined];
      }
    };
    return { lastSeen: new Map(await Promise.all(options.locations.map(read))), found, failures };
  };

  /** Returns the failures, so that one location does not keep the CAP alerts of the others from being renewed. */
  const maintainCap = async (states: ReadonlyMap<Location, StoredState>, time: Date): Promise<string[]> => {
    const failures: string[] = [];
    const attempt = async (what: string, work: Promise<void>): Promise<void> => {
      await work.catch((error: unknown) => failures.push(`${what}: ${String(error)}`));
    };
    for (const [location, stored] of states) {
      await attempt(location.id, upkeep.renew(location, stored, time));
    }
    await attempt("drills", upkeep.cancelDrills(time));
    return failures;
  };

  return counted(meter, async (event) => {
    const time = readTime(event);
    const found = await store.load();
    const before = await notifyPending(found);
    const { lastSeen, found: states, failures } = await readLastSeen();
    const next = watchStations(before.state, lastSeen, time, options.silence);
    const after = next === before.state ? before : await notifyPending(await store.save(next, before));
    const silent = Object.entries(after.state.stations).flatMap(([id, { silentSince }]) =>
      silentSince === undefined ? [] : [id],
    );
    const unwatched = Object.values(after.state.measures).flatMap((measures) =>
      Object.values(measures).filter(({ silentSince }) => silentSince !== undefined),
    );
    meter.add("SilentStations", silent.length);
    meter.add("UnwatchedMeasures", unwatched.length);
    const unwritten = await maintainCap(states, time);
    if (failures.length > 0) {
      throw new WatchError(`${failures.length} stations could not be read, first ${failures[0]}`);
    }
    if (unwritten.length > 0) {
      throw new WatchError(`${unwritten.length} CAP messages could not be written, first ${unwritten[0]}`);
    }
    return { silent, notified: found.state.pending.length + next.pending.length };
  });
}

function lastSeenOf({ latest, unwatched }: AlertState): LastSeen {
  const times = Object.entries(unwatched).flatMap(([metric, { since, until }]) =>
    until === undefined ? [[metric, since === null ? null : formatUtc(new Date(since * 1000))]] : [],
  );
  return { time: latest?.time ?? null, unwatched: Object.fromEntries(times) };
}

function framed({ subject, body }: OpsMessage, { before, after }: WatchOptions["frame"]): OpsMessage {
  return { subject: toSubject(`${before} ${subject}`), body: `${body}\n${after}\n` };
}

function readTime({ time }: WatchEvent): Date {
  const parsed = parseISO(time);
  if (isValid(parsed)) return parsed;
  throw new WatchError(`time "${time}" is not an ISO 8601 time`);
}
