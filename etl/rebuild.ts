import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createTransformer, type DayCounts, type Transformer } from "./duckdb.ts";
import type { Lake } from "./lake.ts";
import { type Marker, markerOf, markerSchema, planDays, type StaleDay } from "./plan.ts";
import { parseTable, type TableDefinition } from "./table-definition.ts";

export interface RebuildOptions {
  /** The table's definition as text, `etl/NAME.json`. */
  readonly table: string;
  /** Its transformation, `etl/NAME.sql`. */
  readonly sql: string;
}

export interface RebuildReport extends DayCounts {
  readonly rebuilt: readonly string[];
  readonly frozen: readonly string[];
  readonly upToDate: number;
}

/** Objects fetched at once: enough to hide the latency, few enough for a small machine. */
const PARALLEL_READS = 8;

/**
 * Brings gold up to date: every day whose raw objects (or whose transformation) changed since its marker is rebuilt
 * from all its raw. Gold is written before the marker, so a crash between the two only repeats work.
 */
export async function rebuild(lake: Lake, options: RebuildOptions): Promise<RebuildReport> {
  const table = parseTable(options.table);
  const plan = planDays({
    transformation: options.sql + options.table,
    rawPrefix: table.rawPrefix,
    raw: await lake.list(table.rawPrefix),
    markers: await readMarkers(lake, statePrefix(table)),
  });
  const transformer = await createTransformer(options.sql, table);
  try {
    const counts: DayCounts[] = [];
    for (const stale of plan.stale) counts.push(await rebuildDay(lake, table, transformer, stale));
    return {
      rebuilt: plan.stale.map(({ day }) => day),
      frozen: plan.frozen,
      upToDate: plan.upToDate.length,
      ...total(counts),
    };
  } finally {
    transformer.close();
  }
}

async function readMarkers(lake: Lake, prefix: string): Promise<Map<string, Marker>> {
  const keys = (await lake.list(prefix)).map(({ key }) => key).filter((key) => key.endsWith(".json"));
  const markers = await inParallel(keys, async (key) => {
    const text = Buffer.from(await lake.read(key)).toString("utf8");
    return markerSchema.parse(JSON.parse(text));
  });
  return new Map(markers.map((marker) => [marker.day, marker]));
}

async function rebuildDay(
  lake: Lake,
  table: TableDefinition,
  transformer: Transformer,
  stale: StaleDay,
): Promise<DayCounts> {
  const directory = await mkdtemp(join(tmpdir(), `${table.name}-`));
  try {
    await inParallel(stale.objects, async ({ key }) => {
      const path = join(directory, key.slice(table.rawPrefix.length));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await lake.read(key));
    });
    const parquetPath = join(directory, "gold.parquet");
    const counts = await transformer.transform({ day: stale.day, rawDirectory: directory, parquetPath });
    await replaceGold(lake, table, stale.day, counts.rowsOut > 0 ? parquetPath : undefined);
    const marker = markerOf(stale, counts.rowsOut);
    await lake.write(`${statePrefix(table)}day=${stale.day}.json`, `${JSON.stringify(marker)}\n`);
    return counts;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** One file a day: what another engine or an earlier layout left under the prefix goes once the new file is there. */
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
