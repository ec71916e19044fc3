import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { TableDefinition } from "../../../etl/table-definition.ts";
import { CAP_FEED } from "../../../infra/lake-bucket.ts";
import { type Gold, readGold } from "../support/gold.ts";

/** Objects below a prefix, as they are: key -> content in base64, which a failed comparison can print. */
export function objectsBelow(bucketDirectory: string, prefix: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(bucketDirectory, prefix).map((key) => [
      key,
      readFileSync(join(bucketDirectory, key)).toString("base64"),
    ]),
  );
}

/** States by key, without what is said of CAP messages: when those are published is the stream's. */
export function statesWithoutPublications(bucketDirectory: string, prefix: string): Record<string, unknown> {
  return Object.fromEntries(
    filesBelow(bucketDirectory, prefix).map((key) => [
      key,
      JSON.parse(readFileSync(join(bucketDirectory, key), "utf8"), (name, value) =>
        name === "published" || name === "cap" ? undefined : value,
      ),
    ]),
  );
}

/**
 * CAP documents by key and what the feed lists, without when they are published, which is the stream's, and without
 * renewals and references to them: in real time no alert of a replay is old enough to be renewed.
 */
export function capWithoutPublicationTimes(bucketDirectory: string) {
  const isRenewal = (key: string) => key.endsWith("-renewal.xml");
  const keys = filesBelow(bucketDirectory, "cap/").filter((key) => key !== CAP_FEED && !isRenewal(key));
  const read = (key: string) => readFileSync(join(bucketDirectory, key), "utf8");
  return {
    documents: Object.fromEntries(
      keys.map((key) => [key, read(key).replaceAll(/<(sent|effective|expires|references)>[^<]*/g, "<$1>")]),
    ),
    listed: [...read(CAP_FEED).matchAll(/ href="([^"]*)"/g)]
      .map(([, href]) => `cap/${href}`)
      .filter((key) => !isRenewal(key))
      .toSorted(),
  };
}

/**
 * Raw lines in the order of their hours, without `archive`: arrival and numbering are the stream's. Of `trace` the time of
 * the poll stays; its id is one of each event.
 */
export function rawRows(bucketDirectory: string): unknown[] {
  return filesBelow(bucketDirectory, "raw/").flatMap((key) => {
    const text = gunzipSync(readFileSync(join(bucketDirectory, key))).toString("utf8");
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => {
      const { archive: _, trace, ...row } = JSON.parse(line);
      return { ...row, polledAt: trace.time };
    });
  });
}

/** A table of gold, row by row, without when its rows arrived. */
export async function goldWithoutArrival(
  bucketDirectory: string,
  table: TableDefinition["name"],
): Promise<Gold> {
  const { columns, rows } = await readGold(bucketDirectory, table);
  const isKept = (_: unknown, index: number) => !columns[index]?.startsWith("arrived_at ");
  return { columns: columns.filter(isKept), rows: rows.map((row) => row.filter(isKept)) };
}

function filesBelow(bucketDirectory: string, prefix: string): string[] {
  const found = globSync(`${prefix}**`, { cwd: bucketDirectory, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(bucketDirectory.length + 1))
    .sort();
}
