import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import type { Backend, World } from "../backend.ts";

export type Position = Omit<GetShardIteratorCommandInput, "StreamName" | "ShardId">;

/** A line over a stream. */
export const onStream =
  (shards: number, check: (world: World, stream: Stream) => Promise<void>) => async (backend: Backend) => {
    await using world = await backend.open({ streams: { orders: shards } });
    await check(world, streamOf(world, world.name("orders")));
  };

export type Stream = ReturnType<typeof streamOf>;

export function streamOf(world: World, StreamName: string) {
  const { kinesis } = world.clients;
  const textOf = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString();
  return {
    put: (text: string, PartitionKey = "key") =>
      kinesis.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(text) })),
    putBytes: (bytes: number, PartitionKey = "key") =>
      kinesis.send(
        new PutRecordCommand({ StreamName, PartitionKey, Data: new Uint8Array(bytes - PartitionKey.length) }),
      ),
    putAll: (records: readonly (readonly [PartitionKey: string, Data: Uint8Array])[]) =>
      kinesis.send(
        new PutRecordsCommand({
          StreamName,
          Records: records.map(([PartitionKey, Data]) => ({ PartitionKey, Data })),
        }),
      ),
    async iterator(position: Position, ShardId = "shardId-000000000000") {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ...position }),
      );
      return ShardIterator;
    },
    page: (ShardIterator: string | undefined, Limit?: number) =>
      kinesis.send(new GetRecordsCommand({ ShardIterator, Limit })),
    /** Texts from an iterator on, page by page until `count` have come: what was put can be read a moment later. */
    async read(iterator: string | undefined, count: number) {
      const texts: string[] = [];
      let next = iterator;
      const isRead = async () => {
        const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: next }));
        texts.push(...(page.Records ?? []).map(({ Data }) => textOf(Data)));
        next = page.NextShardIterator;
        return texts.length >= count;
      };
      if (!(await isRead())) await world.pass(5, { until: isRead });
      return texts;
    },
    async shardIds() {
      const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
      return Shards.map(({ ShardId = "" }) => ShardId);
    },
  };
}
