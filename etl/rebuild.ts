import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createTransformer, type DayCounts, type Transformer } from "./duckdb.ts";
import { dayOfMarkerKey, isDay, noSuchDay } from "./keys.ts";
import type { Lake } from "./lake.ts";
import {
  knownFlaws,
  type LeftOut,
  type Marker,
  markerOf,
  markerSchema,
  unfinishedMarkerOf,
} from "./marker.ts";
import { flawOf } from "./objects.ts";
import { type DayRange, planDays, type StaleDay, sortedByKey } from "./plan.ts";
import { brokenReasons } from "./reasons.ts";
import { leftOutFigures, type TableReport } from "./report.ts";
import { parseTable, type TableDefinition } from "./table-definition.ts";

export interface RebuildOptions {
  /** The table's definition as text, `etl/NAME.json`. */
  readonly table: string;
  /** Its transformation, `etl/NAME.sql`. */
  readonly sql: string;
  /** Look at these days only, and rebuild them whether stale or not. */
  readonly asked?: DayRange;
  /** Say what is stale and why, write nothing. */
  readonly dryRun?: boolean;
}

export type RebuildReport = Omit<TableReport, "seconds">;

/** Thrown when an object among the markers is none; the message names it. Markers are written whole, so somebody did it. */
export class MarkerError extends Error {
  override readonly name = "MarkerError";
}

/** Objects fetched at once: enough to hide the latency, few enough for a small machine. */
const PARALLEL_READS = 8;

/**
 * Brings gold up to date: every day whose raw objects (or whose transformation) changed since its marker is rebuilt
 * from all its raw. A run that ends anywhere leaves each day as it was or as it becomes, and stale unless it is whole.
 */
export async function rebuild(lake: Lake, options: RebuildOptions): Promise<RebuildReport> {
  const table = parseTable(options.table);
  const { markers, leftOut: noMarkers } = await readMarkers(lake, statePrefix(table));
  const plan = planDays({
    transformation: options.sql + options.table,
    rawPrefix: table.rawPrefix,
    raw: await lake.list(table.rawPrefix),
    markers,
    ...(options.asked && { asked: options.asked }),
  });
  const isDryRun = options.dryRun === true;
  const built = isDryRun ? [] : await rebuildDays(lake, table, options.sql, plan.stale);
  // Only a rebuild reads what is in the objects.
  const flaws = isDryRun
    ? plan.stale.flatMap(({ marker, objects }) => knownFlaws(marker, objects))
    : built.flatMap(({ flaws }) => flaws);
  const broken = built.filter(isFrozen);
  const frozen = [...plan.frozen, ...broken].sort((a, b) => (a.day < b.day ? -1 : 1));
  return {
    stale: plan.stale.map(({ day }) => day),
    rebuilt: built.filter((one) => !isFrozen(one)).map(({ day }) => day),
    frozen: frozen.map(({ day }) => day),
    upToDate: plan.upToDate.length,
    reasons: Object.fromEntries([...plan.stale, ...frozen].map(({ day, reasons }) => [day, [...reasons]])),
    ...total(built.map(({ counts }) => counts)),
    ...leftOutFigures(sortedByKey([...plan.leftOut, ...flaws, ...noMarkers])),
  };
}

/** What became of a stale day. */
interface BuiltDay {
  readonly day: string;
  readonly counts: DayCounts;
  /** Objects that could not be read. */
  readonly flaws: readonly LeftOut[];
  /** Why it was left as it is: gold has rows of some of those. */
  readonly reasons?: readonly string[];
}

function isFrozen(built: BuiltDay): built is BuiltDay & { readonly reasons: readonly string[] } {
  return built.reasons !== undefined;
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

/** Earlier versions made markers of days that do not exist: those are left out. */
async function readMarkers(lake: Lake, prefix: string) {
  const keys: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const { key } of await lake.list(prefix)) {
    const day = dayOfMarkerKey(key);
    if (day !== undefined && !isDay(day)) leftOut.push({ key, reason: noSuchDay(day) });
    else if (key.endsWith(".json")) keys.push(key);
  }
  const markers = await inParallel(keys, async (key) => {
    return parseMarker(key, Buffer.from(await lake.read(key)).toString("utf8"));
  });
  return { markers: new Map(markers.map((marker) => [marker.day, marker])), leftOut };
}

function parseMarker(key: string, text: string): Marker {
  try {
    return markerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MarkerError(`${key} is no marker of this job: delete it, and its day is rebuilt`, { cause });
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
    const flaws = await fetchSound(lake, table, stale, directory);
    const reasons = brokenReasons(stale, flaws);
    if (reasons !== undefined) return { day, counts: NOTHING, flaws, reasons };
    const parquetPath = join(directory, "gold.parquet");
    const counts =
      flaws.length < objects.length
        ? await transformer.transform({ day, rawDirectory: directory, parquetPath })
        : NOTHING;
    const unfinished = unfinishedMarkerOf(stale, flaws);
    if (unfinished !== undefined) await writeMarker(lake, table, unfinished);
    await replaceGold(lake, table, day, counts.rowsOut > 0 ? parquetPath : undefined);
    await writeMarker(lake, table, markerOf(stale, counts.rowsOut, flaws));
    return { day, counts, flaws };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Puts the day's raw objects below `directory`, save those that cannot be read. Returns the latter. */
async function fetchSound(
  lake: Lake,
  { rawPrefix }: TableDefinition,
  { objects }: StaleDay,
  directory: string,
): Promise<LeftOut[]> {
  const flaws = await inParallel(objects, async ({ key }) => {
    const body = await lake.read(key);
    const reason = await flawOf(body);
    if (reason !== undefined) return [{ key, reason }];
    const path = join(directory, key.slice(rawPrefix.length));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, body);
    return [];
  });
  return flaws.flat();
}

async function writeMarker(lake: Lake, table: TableDefinition, marker: Marker): Promise<void> {
  await lake.write(`${statePrefix(table)}day=${marker.day}.json`, `${JSON.stringify(marker)}\n`);
}

/** One file a day, replaced at once: readers see the old one or the new. What else lies there goes once the new file is there. */
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

/** Throws the first error once none of the work is under way: what works on must not find its folder removed. */
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
