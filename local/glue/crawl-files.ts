import { gunzipSync } from "node:zlib";
import { NotEmulatedError } from "../endpoint/error.ts";
import type { Column } from "./catalog.ts";
import type { CrawlContext } from "./crawl-catalog.ts";
import type { CrawlerDefinition } from "./crawler-definition.ts";
import { combineStructTypes, parquetColumns, type StructType, typeOfLines } from "./infer.ts";
import { jsonColumns, type OmissionReport, withoutPartitionColumns } from "./schema-names.ts";
import { type CrawlTarget, type TableFormat, type TableLayout, TableLayoutError } from "./table-layout.ts";

/** The format and schema that the files of a table have. */
export interface InferredTable {
  readonly format: TableFormat;
  readonly columns: readonly Column[];
  readonly compressed: boolean;
}

/** The keys below the target that are not empty, hidden or excluded. */
export async function listKeys(
  { gateway, principal }: CrawlContext,
  crawler: CrawlerDefinition,
  target: CrawlTarget,
): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await gateway.call<{
      Contents?: { Key: string; Size: number }[];
      NextContinuationToken?: string;
    }>(principal, "s3", "ListObjectsV2", {
      Bucket: target.bucket,
      Prefix: target.prefix,
      ...(token !== undefined && { ContinuationToken: token }),
    });
    for (const { Key, Size } of page.Contents ?? []) if (Size > 0 && !isHidden(Key)) keys.push(Key);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys.filter((key) => !crawler.excludes(key.slice(target.prefix.length)));
}

/** Spark and Hive write their own files (`_SUCCESS`, `.crc`) beside the data. */
function isHidden(key: string): boolean {
  return /^[_.]/.test(key.slice(key.lastIndexOf("/") + 1));
}

/** Number of omitted fields that the log of a crawl names. */
const REPORTED_FIELDS = 20;

/**
 * The table that the files form together; undefined when there are no files. The log names fields that cannot be columns.
 * Throws {@link TableLayoutError} for files of two formats.
 */
export async function inferTable(
  context: CrawlContext,
  target: CrawlTarget,
  { folders, partitionKeys }: TableLayout,
): Promise<InferredTable | undefined> {
  const { gateway, principal } = context;
  let lines: StructType | undefined;
  let compressed = false;
  const parquet: Uint8Array[] = [];
  for (const key of folders.flatMap(({ keys }) => keys)) {
    const input = { Bucket: target.bucket, Key: key };
    const { Body } = await gateway.call<{ Body: Uint8Array }>(principal, "s3", "GetObject", input);
    if (Buffer.from(Body.subarray(0, 4)).toString("latin1") === "PAR1") {
      parquet.push(Body);
      continue;
    }
    const gzipped = Body[0] === 0x1f && Body[1] === 0x8b;
    const type = typeOfLines((gzipped ? gunzip(key, Body) : Buffer.from(Body)).toString("utf8"));
    if (type === undefined)
      throw new NotEmulatedError(`a crawler over files other than JSON lines and Parquet (${key})`);
    lines = lines === undefined ? type : combineStructTypes(lines, type);
    compressed ||= gzipped;
  }
  if (lines !== undefined && parquet.length > 0) {
    throw new TableLayoutError(`${locationOf(target)} holds both JSON and Parquet`);
  }
  const omitted: string[] = [];
  const report: OmissionReport = (field, reason) => {
    omitted.push(`WARN : Field ${field} below ${locationOf(target)} is omitted from the schema: ${reason}`);
  };
  let table: InferredTable | undefined;
  if (parquet.length > 0) {
    const columns = withoutPartitionColumns(await parquetColumns(parquet), partitionKeys, report);
    table = { format: "parquet", columns, compressed: false };
  } else if (lines !== undefined) {
    table = { format: "json", columns: jsonColumns(lines, partitionKeys, report), compressed };
  }
  for (const line of omitted.slice(0, REPORTED_FIELDS)) context.log(line);
  if (omitted.length > REPORTED_FIELDS)
    context.log(`WARN : ${omitted.length - REPORTED_FIELDS} more fields are omitted from the schema`);
  return table;
}

function gunzip(key: string, body: Uint8Array): Buffer {
  try {
    return gunzipSync(body);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TableLayoutError(`${key} cannot be unpacked: ${reason}`, { cause });
  }
}

function locationOf({ bucket, prefix }: CrawlTarget): string {
  return `s3://${bucket}/${prefix}`;
}
