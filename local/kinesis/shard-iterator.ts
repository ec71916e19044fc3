import { z } from "zod";
import { invalidArgument } from "./streams.ts";

/** A place in a shard: everything after this sequence number is still to be read. */
export interface ShardPosition {
  readonly streamName: string;
  readonly shardId: string;
  readonly after: bigint;
}

const tokenSchema = z.tuple([z.string(), z.string(), z.string().regex(/^\d+$/)]);

/**
 * Iterators do not expire. AWS's do after 5 minutes, but on a virtual clock hours may pass between two polls of
 * a client that is on time by its own clock.
 */
export function encodeIterator({ streamName, shardId, after }: ShardPosition): string {
  return Buffer.from(JSON.stringify([streamName, shardId, String(after)])).toString("base64");
}

/** Throws InvalidArgumentException for a text that is no iterator of this service. */
export function decodeIterator(iterator: string): ShardPosition {
  try {
    const text = Buffer.from(iterator, "base64").toString("utf8");
    const [streamName, shardId, after] = tokenSchema.parse(JSON.parse(text));
    return { streamName, shardId, after: BigInt(after) };
  } catch (cause) {
    const error = invalidArgument("Invalid ShardIterator.");
    error.cause = cause;
    throw error;
  }
}
