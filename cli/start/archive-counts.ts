import { gunzipSync } from "node:zlib";
import { parseState } from "../../handlers/weather/alerts/state.ts";
import type { Cloud } from "../../local/cloud.ts";

/** What lies in the bucket at the end of a run. */
export interface ArchiveCounts {
  readonly raw: { readonly objects: number; readonly rows: number };
  readonly gold: { readonly days: number; readonly rows: number; readonly flagged: number };
  /** By location, the measures that rules need and that had no good value in the last reading. */
  readonly unwatched: Readonly<Record<string, readonly string[]>>;
  readonly quarantined: number;
  /** Batches that an event-source mapping discarded. */
  readonly discarded: number;
}

const ALERT_STATES = "state/alerts/";

/** Counts objects and lines in the bucket, and gold's rows through Athena. */
export async function countArchive(
  cloud: Cloud,
  names: { bucket: string; database: string },
): Promise<ArchiveCounts> {
  const store = cloud.s3.buckets.get(names.bucket)?.objects;
  if (store === undefined) {
    throw new Error(`the stack's output "bucket" is ${names.bucket}, which is not a bucket of the program`);
  }
  const objects = [...store.from("")];
  const below = (prefix: string) => objects.filter(({ key }) => key.startsWith(prefix));
  const rows = below("raw/").reduce((sum, object) => sum + countLines(gunzipSync(store.read(object))), 0);
  return {
    raw: { objects: below("raw/").length, rows },
    gold: await countGold(cloud, names.database, below("gold/").length),
    unwatched: Object.fromEntries(
      below(ALERT_STATES).flatMap((object) => {
        const { unwatched } = parseState(new TextDecoder().decode(store.read(object)));
        const measures = Object.keys(unwatched).filter((metric) => unwatched[metric]?.until === undefined);
        const location = object.key.slice(ALERT_STATES.length, -".json".length);
        return measures.length === 0 ? [] : [[location, measures]];
      }),
    ),
    quarantined: below("quarantine/").length,
    // Below `async/` are events of functions, which are not records of the stream.
    discarded: below("aws/lambda/").length - below("aws/lambda/async/").length,
  };
}

async function countGold(cloud: Cloud, database: string, objects: number): Promise<ArchiveCounts["gold"]> {
  if (objects === 0) {
    return { days: 0, rows: 0, flagged: 0 }; // nothing for a table to be made of
  }
  const sql =
    "SELECT COUNT(DISTINCT day) AS days, COUNT(*) AS row_count, COALESCE(SUM(cardinality(split(flags, '; '))), 0) AS flagged " +
    "FROM observations";
  const [row] = (await cloud.athena.runQuery(sql, { database })).rows;
  return { days: Number(row?.[0]), rows: Number(row?.[1]), flagged: Number(row?.[2]) };
}

function countLines(text: Uint8Array): number {
  return text.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);
}
