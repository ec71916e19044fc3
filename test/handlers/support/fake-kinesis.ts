import { type KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from "@aws-sdk/client-kinesis";
import type { Sends } from "../../../handlers/clients/dependencies.ts";

export interface FakeKinesis extends Sends<KinesisClient> {
  /** Entries of each call. */
  readonly calls: PutRecordsRequestEntry[][];
  readonly accepted: PutRecordsRequestEntry[];
  /** An error code fails the entry; may throw to fail the call. */
  refuse: (entry: PutRecordsRequestEntry) => string | undefined;
}

/** A stream that keeps what is put. */
export function createFakeKinesis(): FakeKinesis {
  const calls: PutRecordsRequestEntry[][] = [];
  const accepted: PutRecordsRequestEntry[] = [];
  const send = async (command: unknown) => {
    if (!(command instanceof PutRecordsCommand)) throw new Error("the fake knows PutRecords");
    const entries = command.input.Records ?? [];
    calls.push(entries);
    return {
      Records: entries.map((entry) => {
        const code = fake.refuse(entry);
        if (code !== undefined) return { ErrorCode: code, ErrorMessage: "refused" };
        accepted.push(entry);
        return { SequenceNumber: String(accepted.length), ShardId: "shardId-000000000000" };
      }),
    };
  };
  const fake: FakeKinesis = { calls, accepted, refuse: () => undefined, send: send as KinesisClient["send"] };
  return fake;
}
