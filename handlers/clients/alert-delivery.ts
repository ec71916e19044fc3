import pLimit from "p-limit";
import type { AlertState, Pending } from "../weather/alerts/state.ts";
import type { Transition } from "../weather/alerts/transition.ts";
import { alertMessage } from "../weather/messages/alert-message.ts";
import type { Issuer } from "../weather/messages/issuer.ts";
import { wordsOf } from "../weather/messages/language.ts";
import type { Language } from "../weather/messages/tags.ts";
import type { Hour } from "../weather/observation/history.ts";
import type { Location } from "../weather/observation/location.ts";
import { LEVEL_RANKS } from "../weather/rules/rules.ts";
import type { AlertStateStore, StoredState } from "./alert-state-store.ts";
import type { CapStore } from "./cap-store.ts";
import type { Log } from "./dependencies.ts";
import type { MetricOf } from "./metric-names.ts";
import type { Meter } from "./metrics.ts";
import type { Publish } from "./publisher.ts";
import type { TransitionArchive } from "./transition-archive.ts";

interface DeliveryOptions {
  readonly store: AlertStateStore;
  readonly cap: CapStore;
  readonly archive: TransitionArchive;
  readonly publish: Publish;
  readonly issuer?: Issuer;
  readonly log: Log;
  readonly meter: Meter<MetricOf<"alert">>;
}

/** The metric that counts the announcements of a level. */
const LEVEL_METRICS = { yellow: "AlertsYellow", orange: "AlertsOrange", red: "AlertsRed" } as const;

/**
 * Delivers the pending transitions of a location in order, and returns the state that is then stored. For each transition
 * it writes the CAP document and the archived line, and publishes a message in each language. The state is saved after
 * each message, so that a crash repeats at most one (docs/decisions/0003). Transitions whose documents could not be written
 * stay pending.
 *
 * Throws the errors of S3 and SNS, and {@link import("./compare-and-swap.ts").ConflictError} when another container delivers, too.
 */
export type Deliver = (location: Location, found: StoredState) => Promise<StoredState>;

export function createDelivery({
  store,
  cap,
  archive,
  publish,
  issuer = {},
  log,
  meter,
}: DeliveryOptions): Deliver {
  // Locations are processed in parallel, and a crash stops them all. One at a time, at most one message is sent and not saved.
  const inTurn = pLimit(1);

  /** A failed write stays pending and does not delay the messages. */
  const isWritten = async (id: string, what: string, writing: Promise<void>): Promise<boolean> => {
    try {
      await writing;
      return true;
    } catch (error) {
      log.error(`${what} could not be written`, { id, reason: String(error) });
      return false;
    }
  };

  const writeAll = async (
    { transition, cap: publication }: Pending,
    location: Location,
  ): Promise<boolean> => {
    const document = cap.write(transition, location, { publication });
    const writes = [isWritten(transition.id, "a CAP document", document)];
    // A renewal has no observation of its own, so it is not part of the alert history.
    if (publication?.renewal === undefined) {
      const line = archive.write(transition, location);
      writes.push(isWritten(transition.id, "an archived transition", line));
    }
    const written = await Promise.all(writes);
    return written.every((one) => one);
  };

  const announce = async (
    { transition, pollId }: Pending,
    location: Location,
    language: Language,
    state: AlertState,
  ): Promise<void> => {
    const history = historyOf(transition, state);
    const message = alertMessage(transition, location, wordsOf(language), history, issuer);
    const program = { ...message.program, ...(pollId !== undefined && { pollId }) };
    const snsMessageId = await publish(
      { ...message, program },
      {
        audience: "all",
        level: LEVEL_RANKS[transition.level],
        location: location.id,
        language,
        hazard: transition.hazard,
        kind: transition.kind,
      },
    );
    const { id, level, value } = transition;
    // `level` and `message` are reserved by the logger.
    log.info("alert published", { id, snsMessageId, pollId, language, alertLevel: level, value });
  };

  const deliverOne = async (entry: Pending, location: Location, found: StoredState): Promise<StoredState> => {
    const { transition, languages } = entry;
    const written = await writeAll(entry, location);
    const saveRemaining = (stored: StoredState, remaining: readonly Language[]): Promise<StoredState> => {
      const pending = withRemaining(
        stored.state.pending,
        transition.id,
        written && remaining.length === 0 ? "done" : remaining,
      );
      return store.save(location.id, { ...stored.state, pending }, stored);
    };
    let stored = found;
    for (const [index, language] of languages.entries()) {
      const before = stored;
      stored = await inTurn(async () => {
        await announce(entry, location, language, before.state);
        if (index === languages.length - 1) meter.add(LEVEL_METRICS[transition.level], 1);
        return saveRemaining(before, languages.slice(index + 1));
      });
    }
    return languages.length === 0 && written ? saveRemaining(stored, []) : stored;
  };

  return async (location, found) => {
    let stored = found;
    for (const entry of found.state.pending) stored = await deliverOne(entry, location, stored);
    return stored;
  };
}

function withRemaining(
  pending: readonly Pending[],
  id: string,
  remaining: readonly Language[] | "done",
): Pending[] {
  return pending.flatMap((entry) => {
    if (entry.transition.id !== id) return [entry];
    return remaining === "done" ? [] : [{ ...entry, languages: [...remaining] }];
  });
}

/** The hours up to a transition. The state may be ahead if another container evaluated later observations. */
function historyOf({ measure, time }: Transition, { history }: AlertState): readonly Hour[] {
  const seconds = Date.parse(time) / 1000;
  return (history[measure.metric] ?? []).filter(([hourStartSeconds]) => hourStartSeconds <= seconds);
}
