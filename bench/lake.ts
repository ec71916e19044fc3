import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { type RebuildOptions, rebuild } from "../etl/rebuild.ts";
import { tableText } from "../etl/table-definition.ts";
import { tableNamed } from "../etl/tables.ts";
import { archiveHours, DAYS, DENSE_DAY, PLACES } from "./lake/archived-year.ts";
import { type CountedLake, createCountedLake } from "./lake/counted-lake.ts";
import { openGold, type ReadBytes } from "./lake/gold-bytes.ts";

/** What a query asks for: the two columns of a chart of one measure. */
const COLUMNS = ["observed_at", "temperature"];
const MIDDLE_DAY = "2024-07-01";

/** Archives a year of 50 places by the archive's own handler, rebuilds it, and prints bytes first, then seconds. */
export async function benchLake(): Promise<void> {
  const sql = await readFile(new URL("../etl/observations.sql", import.meta.url), "utf8");
  const options = { sql, table: tableText(tableNamed("observations")) };
  const lake = createCountedLake();
  const lines = await archiveHours(lake, "hourly");
  const allDays = await measured(() => rebuild(lake, options), lake);

  console.log("npm run bench -- lake\n");
  console.log(
    `One reading an hour: ${PLACES} places, ${DAYS} days, ${figure(lines)} records, made up, all measures`,
  );
  await printBytes(lake, MIDDLE_DAY);

  const dense = createCountedLake();
  const denseLines = await archiveHours(dense, "by the minute");
  await rebuild(dense, options);
  console.log(`\nOne reading a minute: ${PLACES} places, one day, ${figure(denseLines)} records`);
  await printBytes(dense, DENSE_DAY);

  console.log(`\nnode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`);
  console.log("Rebuilds, objects in memory (no network)");
  await printSeconds(lake, options, allDays);
}

async function printBytes(lake: CountedLake, day: string): Promise<void> {
  const raw = lake.sizes("raw/");
  const dayPrefix = `raw/year=${day.slice(0, 4)}/month=${day.slice(5, 7)}/day=${day.slice(8)}/`;
  const rawDay = lake.sizes(dayPrefix);
  const records = await lake.recordBytes(dayPrefix);
  const gold = await openGold(await lake.read(`gold/observations/day=${day}/observations.parquet`));
  try {
    const one = await gold.bytesRead(COLUMNS);
    const hourly = await gold.bytesReadOfHours(COLUMNS);
    const wholeRaw = raw.bytes > rawDay.bytes ? [["raw, no day named", raw.bytes, raw.objects] as const] : [];
    console.log(`To read ${COLUMNS.join(" and ")} of ${day}, bytes and files:`);
    const rows = [
      ...wholeRaw,
      ["raw of the day", rawDay.bytes, rawDay.objects],
      ["one JSON file a record, of the day", records.bytes, records.objects],
      ["Parquet by the hour, read whole", hourly.file, 24],
      ["Parquet by the hour, footers and columns", hourly.footer + hourly.columns, 24],
      ["gold, read whole", one.file, 1],
      [`gold, footer ${figure(one.footer)} and columns ${figure(one.columns)}`, goldRead(one), 1],
    ] as const;
    for (const [name, bytes, files] of rows) {
      const times = bytes / goldRead(one);
      console.log(
        `  ${name.padEnd(44)}${figure(bytes).padStart(12)}${figure(files).padStart(9)}${`${times.toFixed(1)} ×`.padStart(11)}`,
      );
    }
  } finally {
    await gold.close();
  }
}

function goldRead({ footer, columns }: ReadBytes): number {
  return footer + columns;
}

async function printSeconds(lake: CountedLake, options: RebuildOptions, all: Measured): Promise<void> {
  const none = await measured(() => rebuild(lake, options), lake);
  printRun("no day stale (planning only)", 0, none);
  for (const days of [1, 30]) {
    const markers = (await lake.list("state/etl/observations/")).slice(0, days).map(({ key }) => key);
    await lake.remove(markers);
    printRun(`${days} of ${DAYS} days stale`, days, await measured(() => rebuild(lake, options), lake), none);
  }
  printRun(`all ${DAYS} days stale`, DAYS, all, none);
}

interface Measured {
  /** By the clock. */
  readonly seconds: number;
  /** That processors worked, which other programs on the machine change less. */
  readonly processorSeconds: number;
  readonly requests: string;
}

async function measured(act: () => Promise<unknown>, lake: CountedLake): Promise<Measured> {
  const before = lake.requests();
  const start = performance.now();
  const startCpu = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(startCpu);
  const seconds = (performance.now() - start) / 1000;
  const after = lake.requests();
  const listPages = after.listPages - before.listPages;
  const requests = `${listPages} pages of lists, ${figure(after.reads - before.reads)} reads, ${figure(after.writes - before.writes)} writes`;
  return { seconds, processorSeconds: (user + system) / 1e6, requests };
}

function printRun(name: string, days: number, run: Measured, planning?: Measured): void {
  const beyond = run.processorSeconds - (planning?.processorSeconds ?? 0);
  const each =
    planning === undefined ? "" : `, ${((beyond / days) * 1000).toFixed(0)} ms a day beyond planning`;
  const seconds = (value: number) => value.toFixed(2).padStart(7);
  console.log(
    `  ${name.padEnd(30)}${seconds(run.seconds)} s,${seconds(run.processorSeconds)} s of processors${each}; ${run.requests}`,
  );
}

function figure(value: number): string {
  return Math.round(value).toLocaleString("en");
}
