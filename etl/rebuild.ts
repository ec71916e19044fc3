import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createTransformer, type DayCounts, type Transformer } from "./duckdb.ts";
import type { Lake } from "./lake.ts";
import { isReadable } from "./objects.ts";
import {
  type DayRange,
  isBroken,
  knownUnreadable,
  type Marker,
  markerOf,
  markerSchema,
  planDays,
  type StaleDay,
  unfinishedMarkerOf,
} from "./plan.ts";
import { skippedValues, type TableReport } from "./report.ts";
import { parseTable, type TableDefinition } from "./table-definition.ts";

export interface RebuildOptions {
  /** The table's definition as text, `etl/NAME.json`. */
  readonly table: string;
  /** Its transformation, `etl/NAME.sql`. */
  readonly sql: string;
  /** Consider only these days, and rebuild them whether stale or not. */
  readonly asked?: DayRange;
  /** Report what is stale and why, write nothing. */
  readonly dryRun?: boolean;
}

type RebuildReport = Omit<TableReport, "seconds">;

/** Thrown when an object among the markers cannot be read as one; the message names it. Markers are written whole. */
class MarkerError extends Error {
  override readonly name = "MarkerError";
}

/** Objects fetched at once: enough to hide the latency, few enough for a small machine. */
const PARALLEL_READS = 8;

/**
 * Brings gold up to date: every day whose raw objects (or whose transformation) changed since its marker is rebuilt
 * from all its raw. A run that ends anywhere leaves each day as it was or as it becomes, and stale unless it is complete.
 */
export async function rebuild(lake: Lake, options: RebuildOptions): Promise<RebuildReport> {
  const table = parseTable(options.table);
  const plan = planDays({
    transformation: options.sql + options.table,
    rawPrefix: table.rawPrefix,
    raw: await lake.list(table.rawPrefix),
    markers: await readMarkers(lake, statePrefix(table)),
    ...(options.asked && { asked: options.asked }),
  });
  const isDryRun = options.dryRun === true;
  const built = isDryRun ? [] : await rebuildDays(lake, table, options.sql, plan.stale);
  // Only a rebuild reads what is in the objects.
  const unreadable = isDryRun
    ? plan.stale.flatMap(({ marker, objects }) => knownUnreadable(marker, objects))
    : built.flatMap(({ unreadable }) => unreadable);
  const broken = built.filter(({ isBroken }) => isBroken).map(({ day }) => day);
  return {
    stale: plan.stale.map(({ day }) => day),
    rebuilt: built.filter(({ isBroken }) => !isBroken).map(({ day }) => day),
    frozen: [...plan.frozen, ...broken].sort(),
    upToDate: plan.upToDate.length,
    reasons: { ...plan.reasons, ...Object.fromEntries(broken.map((day) => [day, "raw broken"])) },
    ...total(built.map(({ counts }) => counts)),
    ...skippedValues([...plan.skipped, ...unreadable]),
  };
}

/** The result of one stale day. */
interface BuiltDay {
  readonly day: string;
  readonly counts: DayCounts;
  readonly unreadable: readonly string[];
  /** Gold has rows of an object that is unreadable now, so the day stays as it is. */
  readonly isBroken: boolean;
}

const NOTHING: DayCounts = { linesIn: 0, rowsOut: 0, duplicates: 0, rejected: 0 };

async function rebuildDays(
  lake: Lake,
  table: TableDefinition,
  sql: string,
  days: readonly StaleDay[],
): Promise<BuiltDay[]> {
  if (days.length === 0) return []; // nothing to start an engine for
  const transformer = await createTransformer(sql, table);
  try {
    const built: BuiltDay[] = [];
    for (const day of days) built.push(await rebuildDay(lake, table, transformer, day));
    return built;
  } finally {
    transformer.close();
  }
}

async function readMarkers(lake: Lake, prefix: string): Promise<Map<string, Marker>> {
  const keys = (await lake.list(prefix)).map(({ key }) => key).filter((key) => key.endsWith(".json"));
  const markers = await inParallel(keys, async (key) =>
    parseMarker(key, Buffer.from(await lake.read(key)).toString("utf8")),
  );
  return new Map(markers.map((marker) => [marker.day, marker]));
}

function parseMarker(key: string, text: string): Marker {
  try {
    return markerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MarkerError(
      `${key} is not a marker of this job: delete it, and the next run rebuilds its day`,
      { cause },
    );
  }
}

async function rebuildDay(
  lake: Lake,
  table: TableDefinition,
  transformer: Transformer,
  stale: StaleDay,
): Promise<BuiltDay> {
  const { day, objects } = stale;
  const directory = await mkdtemp(join(tmpdir(), `${table.name}-`));
  try {
    const unreadable = await fetchReadable(lake, table, stale, directory);
    if (isBroken(stale, unreadable)) return { day, counts: NOTHING, unreadable, isBroken: true };
    const parquetPath = join(directory, "gold.parquet");
    const counts =
      unreadable.length < Object.keys(objects).length
        ? await transformer.transform({ day, rawDirectory: directory, parquetPath })
        : NOTHING;
    const unfinished = unfinishedMarkerOf(stale, unreadable);
    if (unfinished !== undefined) await writeMarker(lake, table, unfinished);
    await replaceGold(lake, table, day, counts.rowsOut > 0 ? parquetPath : undefined);
    await writeMarker(lake, table, markerOf(stale, unreadable));
    return { day, counts, unreadable, isBroken: false };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Writes the day's readable raw objects below `directory`. Returns the keys of the others. */
async function fetchReadable(
  lake: Lake,
  { rawPrefix }: TableDefinition,
  { objects }: StaleDay,
  directory: string,
): Promise<string[]> {
  const unreadable = await inParallel(Object.keys(objects), async (key) => {
    const body = await lake.read(key);
    if (!(await isReadable(body))) return [key];
    const path = join(directory, key.slice(rawPrefix.length));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, body);
    return [];
  });
  return unreadable.flat();
}

async function writeMarker(lake: Lake, table: TableDefinition, marker: Marker): Promise<void> {
  await lake.write(`${statePrefix(table)}day=${marker.day}.json`, `${JSON.stringify(marker)}\n`);
}

/** One file a day, replaced at once: readers see the old one or the new. Other files of the day are removed afterwards. */
async function replaceGold(
  lake: Lake,
  { name }: TableDefinition,
  day: string,
  parquetPath: string | undefined,
): Promise<void> {
  const prefix = `gold/${name}/day=${day}/`;
  const target = `${prefix}${name}.parquet`;
  if (parquetPath !== undefined) await lake.write(target, await readFile(parquetPath));
  const others = (await lake.list(prefix)).filter(({ key }) => parquetPath === undefined || key !== target);
  if (others.length > 0) await lake.remove(others.map(({ key }) => key));
}

function statePrefix({ name }: TableDefinition): string {
  return `state/etl/${name}/`;
}

/** Throws the first error once all work under way has ended, so that its folder can be removed. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += PARALLEL_READS) {
    const outcomes = await Promise.allSettled(items.slice(from, from + PARALLEL_READS).map(work));
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") throw outcome.reason;
      results.push(outcome.value);
    }
  }
  return results;
}

function total(counts: readonly DayCounts[]): DayCounts {
  const sum = (pick: (day: DayCounts) => number) => counts.reduce((sofar, day) => sofar + pick(day), 0);
  return {
    linesIn: sum((day) => day.linesIn),
    rowsOut: sum((day) => day.rowsOut),
    duplicates: sum((day) => day.duplicates),
    rejected: sum((day) => day.rejected),
  };
}
