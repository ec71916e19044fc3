import { GetObjectCommand, PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { Backend, World } from "../backend.ts";

type Check = (world: World, bucket: string) => Promise<void>;

/** A line over a bucket in which these keys are. */
export const inBucketOf = (keys: readonly string[], check: Check) => async (backend: Backend) => {
  await using world = await backend.open({ buckets: { lake: keys } });
  await check(world, world.name("lake"));
};
export const inBucket = (check: Check) => inBucketOf([], check);

export function put(
  { clients }: World,
  Bucket: string,
  Key: string,
  Body: string,
  more: Partial<PutObjectCommandInput> = {},
) {
  return clients.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}

export async function get({ clients }: World, Bucket: string, Key: string): Promise<string | undefined> {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  return await Body?.transformToString();
}
