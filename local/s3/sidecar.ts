import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { CHECKSUM_ALGORITHMS } from "./checksum.ts";

/** The attributes that S3 stores with an object. */
export interface ObjectAttributes {
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentLanguage?: string | undefined;
  /** User metadata (`x-amz-meta-…`), names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum?: z.infer<typeof checksumSchema> | undefined;
  /** ARN of the customer's KMS key that encrypts the object on AWS; the local file is plain. */
  readonly kmsKeyArn?: string | undefined;
}

/** An object in the index; its bytes are in the file. */
export interface ObjectEntry extends ObjectAttributes {
  readonly key: string;
  /** With its quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** Whole seconds, as S3 keeps it. */
  readonly lastModified: Date;
}

const checksumSchema = z.object({ algorithm: z.enum(CHECKSUM_ALGORITHMS), value: z.string() });

const sidecarSchema = z.object({
  etag: z.string(),
  sizeBytes: z.number(),
  lastModified: z.iso.datetime().transform((text) => new Date(text)),
  contentType: z.string(),
  contentEncoding: z.string().optional(),
  cacheControl: z.string().optional(),
  contentDisposition: z.string().optional(),
  contentLanguage: z.string().optional(),
  metadata: z.record(z.string(), z.string()),
  checksum: checksumSchema.optional(),
  kmsKeyArn: z.string().optional(),
});

type Sidecar = z.infer<typeof sidecarSchema>;

/**
 * Reads the sidecar file of an object; undefined when it does not exist.
 * @throws {Error} naming the file, when it is not a valid sidecar.
 */
export function readSidecar(path: string): Sidecar | undefined {
  const text = readIfPresent(path);
  if (text === undefined) return undefined;
  try {
    return sidecarSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is not object metadata; delete it to read the object without metadata`, {
      cause,
    });
  }
}

/** Writes a file atomically: a temporary file first, then a rename. */
export function writeWhole(path: string, content: Uint8Array | string, temporaryPath: string): void {
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(dirname(temporaryPath), { recursive: true });
  writeFileSync(temporaryPath, content);
  renameSync(temporaryPath, path);
}

/** The folder of sidecars. A bucket's name cannot begin with a dot, so it does not collide with a bucket. */
export function sidecarDirectory(directory: string, bucket: string): string {
  return join(directory, ".metadata", bucket);
}

export function temporaryDirectory(directory: string): string {
  return join(directory, ".incoming");
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
