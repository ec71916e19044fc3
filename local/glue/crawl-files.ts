import { gunzipSync } from "node:zlib";
import { NotEmulatedError } from "../aws/error.ts";
import type { Column } from "./catalog-shapes.ts";
import type { CrawlContext } from "./crawl-context.ts";
import type { CrawlerDefinition } from "./crawler-definition.ts";
import { combine, hiveType, type JsonType, typeOfLines } from "./infer-json.ts";
import { parquetColumns } from "./infer-parquet.ts";
import type { TableFormat } from "./storage.ts";
import { type CrawlTarget, type PartitionFolder, TableLayoutError } from "./table-layout.ts";

/** What the files of a table say that it is. */
export interface InferredTable {
  readonly format: TableFormat;
  readonly columns: readonly Column[];
  readonly compressed: boolean;
}

/** Keys below the target that are neither empty, hidden nor excluded. */
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

/** Spark and Hive keep their own notes (`_SUCCESS`, `.crc`) beside the data. */
function isHidden(key: string): boolean {
  return /^[_.]/.test(key.slice(key.lastIndexOf("/") + 1));
}

/**
 * The table that the files make together; undefined when there is none to tell. Throws {@link TableLayoutError} for
 * files of two formats.
 */
export async function inferTable(
  { gateway, principal }: CrawlContext,
  target: CrawlTarget,
  folders: readonly PartitionFolder[],
): Promise<InferredTable | undefined> {
  let lines: JsonType | undefined;
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
    const type = typeOfLines((gzipped ? gunzipSync(Body) : Buffer.from(Body)).toString("utf8"));
    if (type === undefined)
      throw new NotEmulatedError(`a crawler over files other than JSON lines and Parquet (${key})`);
    lines = lines === undefined ? type : combine(lines, type);
    compressed ||= gzipped;
  }
  if (lines !== undefined && parquet.length > 0) {
    throw new TableLayoutError(`s3://${target.bucket}/${target.prefix} holds both JSON and Parquet`);
  }
  if (parquet.length > 0)
    return { format: "parquet", columns: await parquetColumns(parquet), compressed: false };
  if (lines?.kind !== "struct") return undefined;
  const columns = [...lines.members].map(([name, type]) => ({
    Name: name.toLowerCase(),
    Type: hiveType(type),
  }));
  return { format: "json", columns, compressed };
}
