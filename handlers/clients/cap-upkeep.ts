import type { S3Client } from "@aws-sdk/client-s3";
import { drillEnd, isDrillOver } from "../weather/alerts/drill.ts";
import { renewAlerts } from "../weather/cap/publication.ts";
import type { Location } from "../weather/observation/location.ts";
import { formatUtc } from "../weather/observation/time.ts";
import { createMuter, type Silence, silencesForLocation } from "../weather/rules/mute.ts";
import type { AlertStateStore, StoredState } from "./alert-state-store.ts";
import { type CapStoreOptions, createCapStore } from "./cap-store.ts";
import { ConflictError } from "./compare-and-swap.ts";
import type { Log, Sends } from "./dependencies.ts";
import { createDrillsStore } from "./drills-store.ts";

interface CapUpkeepOptions extends CapStoreOptions {
  readonly locations: readonly Location[];
  /** Silences by name. */
  readonly silences: Readonly<Record<string, Silence>>;
}

/** Renews and cancels CAP messages as time passes (docs/decisions/0018). Both throw the errors of S3. */
interface CapUpkeep {
  /** Renews the active alerts of a location before they expire. */
  renew(location: Location, found: StoredState, time: Date): Promise<void>;
  /** Cancels the drills that are over. */
  cancelDrills(time: Date): Promise<void>;
}

export function createCapUpkeep(
  s3: Sends<S3Client>,
  states: AlertStateStore,
  options: CapUpkeepOptions,
  log: Log,
): CapUpkeep {
  const cap = createCapStore(s3, options, log);
  const drills = createDrillsStore(s3, options.bucketName, log);

  /** A renewal is stored before it is published, as any decision (docs/decisions/0003). */
  const renew = async (location: Location, found: StoredState, time: Date): Promise<void> => {
    const { id } = location;
    const { isSilenced } = muterOf(location, options.silences);
    const state = renewAlerts(found.state, time, isSilenced);
    const stored = state === found.state ? found : await states.save(id, state, found);
    const renewals = stored.state.pending.filter(({ cap: publication }) => publication?.renewal);
    if (renewals.length === 0) return;
    for (const { transition, cap: publication } of renewals) {
      await cap.write(transition, location, { publication });
      log.info("CAP alert renewed", { id: transition.id });
    }
    await states.save(id, { ...stored.state, pending: [] }, stored);
  };

  return {
    async renew(location, found, time) {
      const isDeciding = found.state.pending.some(({ cap: publication }) => !publication?.renewal);
      if (isDeciding) return; // The alert function is publishing. Writing the state now would make it repeat a message.
      try {
        await renew(location, found, time);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        log.info("renewal left to the next watch: there is a new observation", { location: location.id });
      }
    },

    async cancelDrills(time) {
      if (!(await drills.load()).some((drill) => isDrillOver(drill, time))) return;
      const decided = await drills.update((running) =>
        running.map((drill) =>
          isDrillOver(drill, time) ? { ...drill, cancelled: drill.cancelled ?? formatUtc(time) } : drill,
        ),
      );
      for (const { transition, sent, cancelled } of decided) {
        const location = options.locations.find(({ id }) => id === transition.location);
        if (cancelled === undefined || location === undefined) continue; // The exercise of a removed location expires.
        await cap.write(drillEnd(transition, new Date(cancelled)), location, {
          exercise: true,
          publication: { sent: cancelled, references: [{ id: transition.id, sent }] },
        });
      }
      await drills.update((running) => running.filter(({ cancelled }) => cancelled === undefined));
    },
  };
}

function muterOf({ id, timeZone }: Location, silences: CapUpkeepOptions["silences"]) {
  return createMuter(timeZone, undefined, silencesForLocation(id, silences));
}
