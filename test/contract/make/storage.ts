import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  waitUntilStreamExists,
} from "@aws-sdk/client-kinesis";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, DeleteQueueCommand } from "@aws-sdk/client-sqs";
import { OBJECT } from "../backend.ts";
import { answered, type Making, TAG_LIST, TAGS } from "./making.ts";

const WRITERS = 16;

export async function makeBucket(
  { clients: { s3 }, cleanup, prefix }: Making,
  own: string,
  keys: readonly string[],
): Promise<void> {
  const Bucket = `${prefix}-${own}`;
  cleanup.add(`bucket ${Bucket}`, () => deleteBucket(s3, Bucket));
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: TAG_LIST } }));
  const rest = [...keys];
  const writer = async () => {
    for (let Key = rest.pop(); Key !== undefined; Key = rest.pop())
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: OBJECT }));
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

/** Deletes a bucket with whatever is in it. Throws what S3 answers for the first object that it does not delete. */
export async function deleteBucket(s3: S3Client, Bucket: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    if (Contents.length === 0) continue;
    const Objects = Contents.map(({ Key }) => ({ Key }));
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    const [first] = Errors;
    if (first !== undefined) throw new Error(`${first.Key} is not deleted: ${first.Code}: ${first.Message}`);
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
}

export async function makeQueue(
  { clients: { sqs }, cleanup, prefix, queueUrls }: Making,
  own: string,
): Promise<void> {
  const QueueName = `${prefix}-${own}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, tags: TAGS }));
  cleanup.add(`queue ${QueueName}`, () => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  queueUrls.set(own, answered(QueueUrl, "QueueUrl"));
}

export async function makeStream(
  { clients: { kinesis }, cleanup, prefix, streamArns }: Making,
  own: string,
  shards: number,
): Promise<void> {
  const StreamName = `${prefix}-${own}`;
  cleanup.add(`stream ${StreamName}`, () => kinesis.send(new DeleteStreamCommand({ StreamName })));
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: shards, Tags: TAGS }));
  await waitUntilStreamExists(
    { client: kinesis, maxWaitTime: 120, minDelay: 1, maxDelay: 2 },
    { StreamName },
  );
  const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
  streamArns.set(own, answered(StreamDescriptionSummary?.StreamARN, "StreamARN"));
}
