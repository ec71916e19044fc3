import * as z from "zod";
import { invalidArgument } from "./errors.ts";
import type { ObjectStore } from "./object-store.ts";
import type { ObjectEntry } from "./sidecar.ts";
import { compareUtf8 } from "./sorted-keys.ts";

export interface ListPage {
  readonly entries: readonly ObjectEntry[];
  /** What lies between the prefix and the delimiter, each once. */
  readonly commonPrefixes: readonly string[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

/** Where a page ended: behind a key, or behind all keys of a common prefix. */
type Position = z.infer<typeof positionSchema>;
const positionSchema = z.strictObject({ after: z.string(), folder: z.boolean() });

/** One page of a listing in S3's order. @throws {AwsError} InvalidArgument for a token that is none of ours. */
export function listPage(
  objects: ObjectStore,
  query: {
    Prefix: string;
    Delimiter: string;
    maxKeys: number;
    StartAfter?: string | undefined;
    ContinuationToken?: string | undefined;
  },
): ListPage {
  const { Prefix, Delimiter, maxKeys } = query;
  let position = startOf(query);
  const entries: ObjectEntry[] = [];
  const commonPrefixes: string[] = [];
  for (const entry of objects.from(lowerBound(Prefix, position))) {
    if (!entry.key.startsWith(Prefix)) break;
    if (position !== undefined && isBefore(entry.key, position)) continue;
    if (entries.length + commonPrefixes.length === maxKeys) {
      return { entries, commonPrefixes, ...(maxKeys === 0 ? {} : { nextToken: tokenOf(position) }) };
    }
    const end = Delimiter === "" ? -1 : entry.key.indexOf(Delimiter, Prefix.length);
    if (end < 0) {
      entries.push(entry);
      position = { after: entry.key, folder: false };
    } else {
      const commonPrefix = entry.key.slice(0, end + Delimiter.length);
      commonPrefixes.push(commonPrefix);
      position = { after: commonPrefix, folder: true };
    }
  }
  return { entries, commonPrefixes };
}

function lowerBound(prefix: string, position: Position | undefined): string {
  return position !== undefined && compareUtf8(position.after, prefix) > 0 ? position.after : prefix;
}

function isBefore(key: string, { after, folder }: Position): boolean {
  return folder ? key.startsWith(after) : key === after;
}

function startOf(query: {
  StartAfter?: string | undefined;
  ContinuationToken?: string | undefined;
}): Position | undefined {
  if (query.ContinuationToken !== undefined) return positionOf(query.ContinuationToken);
  return query.StartAfter === undefined ? undefined : { after: query.StartAfter, folder: false };
}

function tokenOf(position: Position | undefined): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function positionOf(token: string): Position {
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(token, "base64url").toString()));
  } catch (cause) {
    throw invalidArgument("The continuation token provided is incorrect", cause);
  }
}
