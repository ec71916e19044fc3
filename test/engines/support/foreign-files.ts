import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Service } from "../../../local/endpoint/operation.ts";
import type { Bucket } from "../../../local/s3/buckets.ts";
import { DEFAULT_CONTENT_TYPE } from "../../../local/s3/object-store.ts";

/** Files of a bucket that a process writes and removes without asking S3, as Spark does here. */
export interface ForeignFiles {
  readonly bucket: Bucket;
  /** Where the bucket's files are. */
  readonly directory: string;
  /** Folder that they lie in, ending in `/`. */
  readonly prefix: string;
}

/** S3 that looks at the files each time it is asked for a listing, as they would be objects already on AWS. */
export function seeingFiles(s3: Service, files: ForeignFiles): Service {
  const list = s3.operations.ListObjectsV2;
  if (list === undefined) throw new Error("S3 has no ListObjectsV2");
  const ListObjectsV2: typeof list = {
    ...list,
    run(input, context) {
      takeOver(files);
      return list.run(input, context);
    },
  };
  return { ...s3, operations: { ...s3.operations, ListObjectsV2 } };
}

function takeOver({ bucket: { objects }, directory, prefix }: ForeignFiles): void {
  const folder = join(directory, prefix);
  const known = [];
  for (const { key } of objects.from(prefix)) {
    if (!key.startsWith(prefix)) break;
    known.push(key);
  }
  for (const key of known.filter((key) => !existsSync(join(directory, key)))) {
    mkdirSync(join(directory, dirname(key)), { recursive: true }); // the folder may be gone as well
    objects.delete(key);
  }
  if (!existsSync(folder)) return;
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  for (const path of found.map((file) => join(file.parentPath, file.name))) {
    const key = relative(directory, path);
    if (objects.get(key) === undefined) {
      objects.put(key, readFileSync(path), { contentType: DEFAULT_CONTENT_TYPE, metadata: {} });
    }
  }
}
