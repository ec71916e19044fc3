import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { createS3Lake } from "../../../etl/lake.ts";

/** Copies a bucket's objects to files below `directory`, as the local run has them. */
export async function downloadBucket(s3: S3Client, bucket: string, directory: string): Promise<void> {
  const lake = createS3Lake(s3, bucket);
  for (const { key } of await lake.list("")) {
    const file = join(directory, key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await lake.read(key));
  }
}
