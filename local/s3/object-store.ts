import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { AwsError, NotEmulatedError } from "../endpoint/error.ts";
import { etagOf } from "./checksum.ts";
import { KEY_LIMIT_BYTES, PATH_SEGMENT_LIMIT_BYTES } from "./limits.ts";
import {
  type ObjectAttributes,
  type ObjectEntry,
  readSidecar,
  sidecarDirectory,
  temporaryDirectory,
  writeWhole,
} from "./sidecar.ts";

/** The Content-Type of an object that was written without one. */
export const DEFAULT_CONTENT_TYPE = "binary/octet-stream";

/**
 * The objects of one bucket. They are plain files in the bucket's folder, with metadata in a parallel tree of folders.
 * Methods are synchronous, so that condition, write and index are one step and exactly one of two concurrent writers wins.
 * Writes are atomic (temporary file and rename), but are not synced to the disk.
 */
export interface ObjectStore {
  get(key: string): ObjectEntry | undefined;
  read(entry: ObjectEntry): Buffer;
  /**
   * @throws {NotEmulatedError} for a key that is also a folder of another key, or that a file system cannot store.
   */
  put(key: string, body: Uint8Array, attributes: ObjectAttributes): ObjectEntry;
  /** Deletes an object; a missing object is not an error, as in S3. */
  delete(key: string): void;
  /** Entries from `bound` on, in the order in which S3 lists them. */
  from(bound: string): Iterable<ObjectEntry>;
}

/** Opens the folder of a bucket, or creates it. Files without metadata are objects, too. */
export function openObjectStore(options: {
  directory: string;
  bucket: string;
  now: () => Date;
}): ObjectStore {
  const { bucket, now } = options;
  const files = join(options.directory, bucket);
  const sidecars = sidecarDirectory(options.directory, bucket);
  mkdirSync(files, { recursive: true });
  const entries = new Map(loadEntries(files, sidecars, now).map((entry) => [entry.key, entry]));
  const keys = createSortedKeys(entries.keys());

  function rejectFolderClash(key: string): void {
    const parents = key.split("/").map((_, index, segments) => segments.slice(0, index).join("/"));
    const parent = parents.find((candidate) => entries.has(candidate));
    const [next] = keys.from(`${key}/`);
    const other = parent ?? next;
    if (other === undefined || (parent === undefined && !other.startsWith(`${key}/`))) return;
    throw new NotEmulatedError(
      `S3 key ${JSON.stringify(key)} beside ${JSON.stringify(other)}: a name that is both an object and a folder`,
    );
  }

  return {
    get: (key) => entries.get(key),
    read: (entry) => readFileSync(objectPath(files, entry.key)),
    put(key, body, attributes) {
      const path = objectPath(files, key);
      if (!entries.has(key)) rejectFolderClash(key);
      const lastModified = wholeSeconds(now());
      const entry = { ...attributes, key, etag: etagOf(body), sizeBytes: body.byteLength, lastModified };
      const temporary = () => join(temporaryDirectory(options.directory), randomUUID());
      writeWhole(path, body, temporary());
      writeWhole(objectPath(sidecars, key), sidecarText(entry), temporary());
      entries.set(key, entry);
      keys.add(key);
      return entry;
    },
    delete(key) {
      if (!entries.delete(key)) return;
      keys.delete(key);
      removeWithEmptyFolders(objectPath(files, key), files);
      removeWithEmptyFolders(objectPath(sidecars, key), sidecars);
    },
    *from(bound) {
      for (const key of keys.from(bound)) {
        const entry = entries.get(key);
        if (entry !== undefined) yield entry;
      }
    },
  };
}

/**
 * Metadata applies only to the bytes for which it was written. After a crash between the two writes, or after the file was
 * edited, the object counts as new.
 */
function loadEntries(files: string, sidecars: string, now: () => Date): ObjectEntry[] {
  const found = readdirSync(files, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return found.map((file) => {
    const path = join(file.parentPath, file.name);
    const key = relative(files, path).split(sep).join("/");
    const body = readFileSync(path);
    const etag = etagOf(body);
    const sidecar = readSidecar(objectPath(sidecars, key));
    if (sidecar?.etag === etag) return { ...sidecar, key };
    const lastModified = wholeSeconds(now());
    return {
      key,
      etag,
      sizeBytes: body.length,
      lastModified,
      contentType: DEFAULT_CONTENT_TYPE,
      metadata: {},
    };
  });
}

function sidecarText(entry: ObjectEntry): string {
  const { key: _, ...sidecar } = entry;
  return `${JSON.stringify(sidecar)}\n`;
}

function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

/** Removes a file and its empty parent folders, which would block keys with their names. The file may be missing. */
function removeWithEmptyFolders(path: string, root: string): void {
  rmSync(path, { force: true });
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
    if (!existsSync(folder)) continue;
    if (readdirSync(folder).length > 0) return;
    rmdirSync(folder);
  }
}

/**
 * The path of a key below `directory`, with a folder for each `/`. The path never leaves `directory`.
 * @throws {AwsError} KeyTooLongError, as S3.
 * @throws {NotEmulatedError} for a key that S3 accepts but a file system cannot store under the same name.
 */
function objectPath(directory: string, key: string): string {
  if (Buffer.byteLength(key) > KEY_LIMIT_BYTES) {
    throw new AwsError(
      "KeyTooLongError",
      `Your key is too long: ${Buffer.byteLength(key)} of at most ${KEY_LIMIT_BYTES} bytes`,
    );
  }
  const segments = key.split("/");
  const reason = segments.map(unsafeSegment).find((found) => found !== undefined);
  if (reason !== undefined)
    throw new NotEmulatedError(`S3 key ${JSON.stringify(key)}: ${reason}; such a key`);
  return join(directory, ...segments);
}

function unsafeSegment(segment: string): string | undefined {
  if (segment === "") return 'it begins or ends with "/", or has "//" in it';
  if (segment === "." || segment === "..") return `it has "${segment}" between slashes`;
  if (/[\p{Cc}\\]/u.test(segment)) return "it has a control character or a backslash";
  if (!segment.isWellFormed()) return "it is not well-formed Unicode";
  if (Buffer.byteLength(segment) > PATH_SEGMENT_LIMIT_BYTES) {
    return `a part between slashes is longer than ${PATH_SEGMENT_LIMIT_BYTES} bytes`;
  }
  return undefined;
}

/** A set of keys in the order in which S3 lists them, by their UTF-8 bytes. */
interface SortedKeys {
  add(key: string): void;
  delete(key: string): void;
  /** Keys from `bound` on, including `bound`. */
  from(bound: string): Iterable<string>;
}

function createSortedKeys(initial: Iterable<string> = []): SortedKeys {
  const keys = [...new Set(initial)].sort(compareUtf8);
  return {
    add(key) {
      const index = lowerIndex(keys, key);
      if (keys[index] !== key) keys.splice(index, 0, key);
    },
    delete(key) {
      const index = lowerIndex(keys, key);
      if (keys[index] === key) keys.splice(index, 1);
    },
    *from(bound) {
      for (let index = lowerIndex(keys, bound); index < keys.length; index += 1) yield keys[index] ?? "";
    },
  };
}

/** JavaScript compares UTF-16 units, which puts U+1F327 before U+FF21; UTF-8 does not. */
export function compareUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function lowerIndex(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8(keys[middle] ?? "", key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
