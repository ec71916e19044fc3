import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { UserError } from "../../lib/user-error.ts";
import { alignColumns } from "../columns.ts";
import { ASSUMPTIONS, type AssumptionName } from "./assumptions.ts";
import { counted, numeral } from "./numbers.ts";

/** What a local run tells of an assumption. */
export interface Measure {
  readonly name: AssumptionName;
  readonly value: number;
  /** What was counted, in words. */
  readonly basis: string;
}

const summarySchema = z.object({
  alerts: z.array(z.unknown()),
  gold: z.object({ rows: z.number() }),
});

/** Of the functions that run at each poll; a line a batch is what each logs. */
const LOGS: readonly string[] = ["produce", "archive"];

/**
 * Measures what `npm start` left in a folder.
 *
 * @throws {UserError} for a folder that no run left.
 */
export async function measure(directory: string): Promise<Measure[]> {
  const summary = await readSummary(directory);
  const files = await filesBelow(join(directory, "s3"));
  const raw = files.filter((file) => /^[^/]+\/raw\/.*\.ndjson\.gz$/.test(file));
  const gold = files.filter((file) => /^[^/]+\/gold\/observations\/.*\.parquet$/.test(file));
  const objects = await Promise.all(raw.map((file) => readFile(join(directory, "s3", file))));
  const records = sum(objects.map((bytes) => gunzipSync(bytes).filter((byte) => byte === NEW_LINE).length));
  const goldBytes = sum(
    await Promise.all(gold.map(async (file) => (await readFile(join(directory, "s3", file))).length)),
  );
  const logged = (
    await Promise.all(LOGS.map((name) => logLines(join(directory, "logs", `${name}.log`))))
  ).flat();
  const batches = (await logLines(join(directory, "logs", "archive.log"))).length;
  return [
    {
      name: "rawBytes",
      value: sum(objects.map(({ length }) => length)) / records,
      basis: `${counted(records, "record")} in ${counted(raw.length, "object")}`,
    },
    {
      name: "objectsPerBatch",
      value: raw.length / batches,
      basis: `${counted(raw.length, "object")} of ${counted(batches, "batch", "batches")}`,
    },
    {
      name: "goldBytes",
      value: goldBytes / summary.gold.rows,
      basis: `${counted(summary.gold.rows, "row")} in ${counted(gold.length, "file")}`,
    },
    {
      name: "logBytes",
      value: sum(logged) / logged.length,
      basis: `${counted(logged.length, "line")} of ${LOGS.join(" and ")}, without Lambda's own`,
    },
    { name: "alertsPerPlace", value: summary.alerts.length, basis: "in the run's span, whatever its length" },
  ];
}

const NEW_LINE = 0x0a;

export function formatMeasures(measures: readonly Measure[]): string {
  const rows = measures.map(({ name, value, basis }) => [
    name,
    numeral(value),
    `assumed ${ASSUMPTIONS[name].value}`,
    basis,
  ]);
  return `${alignColumns(rows, [false, true, true]).lines.join("\n")}\n`;
}

async function readSummary(directory: string) {
  const file = join(directory, "summary.json");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new UserError(`--measure ${directory} is not allowed: a folder that npm start left`, { cause });
  });
  return summarySchema.parse(JSON.parse(text));
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}

/** Bytes of each line, without the time that the local run puts before it. */
async function logLines(file: string): Promise<number[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Buffer.byteLength(line.slice(line.indexOf(" ") + 1)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
