import { createTransitionArchive } from "../../../handlers/clients/transition-archive.ts";
import type { Transition } from "../../../handlers/weather/alerts/transition.ts";
import type { Location } from "../../../handlers/weather/observation/location.ts";
import { gzipLines, type MemoryLake } from "../memory-lake.ts";
import { transitionKey, transitionLine } from "../transition-lines.ts";
import { s3Over } from "./s3-over.ts";

export interface Decision {
  readonly transition: Transition;
  readonly place: Location;
}

/** A line of a transition in an object of a day's folder. */
export interface ToldAlert extends Decision {
  /** Of the folder, `YYYY-MM-DD`. */
  readonly day: string;
  /** Of objects that have the same transition the one with the greatest counts; 0 is the archive's own. */
  readonly rank: number;
}

/** An object that somebody put into a day's folder by hand, e.g. out of a backup. */
export interface Copies {
  readonly day: string;
  /** Of all such objects, from 1: of two that have the same transition the greater counts. */
  readonly number: number;
  /** Whether its key sorts after the archive's own, or before them. */
  readonly isAfter: boolean;
  /** Each transition once. */
  readonly decisions: readonly Decision[];
  /** Lines that tell nothing. */
  readonly garbage: readonly string[];
}

/**
 * Archives transitions one by one, as alerts do.
 * @param putFails the put, counted from 0, that S3 refuses: what follows is not told
 * @returns those that are in the lake now
 */
export async function archiveAlerts(
  lake: MemoryLake,
  decisions: readonly Decision[],
  putFails = -1,
): Promise<ToldAlert[]> {
  const s3 = s3Over(lake, putFails);
  const archive = createTransitionArchive(s3, "lake");
  const archived: ToldAlert[] = [];
  for (const { transition, place } of decisions) {
    try {
      await archive.write(transition, place);
    } catch (error) {
      if (s3.refused === undefined) throw error;
      break;
    }
    archived.push({ transition, place, day: transition.time.slice(0, 10), rank: 0 });
  }
  return archived;
}

export async function putCopies(lake: MemoryLake, copies: Copies): Promise<ToldAlert[]> {
  const { day, number, isAfter, decisions, garbage } = copies;
  const name = `${isAfter ? "~" : "0"}${String(number).padStart(3, "0")}`;
  const lines = decisions.map(({ transition, place: { id, name, latitude: lat, longitude: lon } }) =>
    transitionLine(transition, { id, name, lat, lon }),
  );
  await lake.write(transitionKey(`${day}T${isAfter ? "23" : "00"}`, name), gzipLines([...garbage, ...lines]));
  const rank = isAfter ? number : number - 1000;
  return decisions.map((decision) => ({ ...decision, day, rank }));
}
