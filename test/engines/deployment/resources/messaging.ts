import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  EncryptionType,
  IncreaseStreamRetentionPeriodCommand,
  StartStreamEncryptionCommand,
  StreamMode,
  waitUntilStreamExists,
} from "@aws-sdk/client-kinesis";
import { CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import * as z from "zod";
import { type Creates, resource, tagList, tags } from "../definition.ts";
import { pascalKeys } from "../pascal-keys.ts";

/** A stream begins with it: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
const DEFAULT_RETENTION_HOURS = 24;

export const MESSAGING: Creates = {
  "aws:kinesis/stream:Stream": resource(
    {
      streamModeDetails: z.strictObject({ streamMode: z.enum(StreamMode) }),
      shardCount: z.number().optional(),
      retentionPeriod: z.number().default(DEFAULT_RETENTION_HOURS),
      encryptionType: z.enum(EncryptionType).optional(),
      kmsKeyId: z.string().optional(),
      tags,
    },
    async ({ kinesis, name, inputs }) => {
      const stream = { StreamName: name };
      const { streamModeDetails, shardCount, retentionPeriod, encryptionType, kmsKeyId, tags } = inputs;
      await kinesis.send(
        new CreateStreamCommand({
          ...stream,
          Tags: tags,
          ShardCount: shardCount,
          StreamModeDetails: pascalKeys(streamModeDetails),
        }),
      );
      const becomesActive = () =>
        waitUntilStreamExists({ client: kinesis, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, stream);
      await becomesActive();
      if (retentionPeriod > DEFAULT_RETENTION_HOURS) {
        await kinesis.send(
          new IncreaseStreamRetentionPeriodCommand({ ...stream, RetentionPeriodHours: retentionPeriod }),
        );
        await becomesActive();
      }
      if (encryptionType === "KMS") {
        await kinesis.send(
          new StartStreamEncryptionCommand({ ...stream, EncryptionType: encryptionType, KeyId: kmsKeyId }),
        );
        await becomesActive();
      }
      const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand(stream));
      return StreamDescriptionSummary?.StreamARN;
    },
  ),
  "aws:sns/topic:Topic": resource(
    { kmsMasterKeyId: z.string().optional(), tags },
    async ({ sns, name, inputs: { kmsMasterKeyId, tags } }) => {
      const { TopicArn } = await sns.send(
        new CreateTopicCommand({
          Name: name,
          Tags: tagList(tags),
          ...(kmsMasterKeyId && { Attributes: { KmsMasterKeyId: kmsMasterKeyId } }),
        }),
      );
      return TopicArn;
    },
  ),
  "aws:sns/topicPolicy:TopicPolicy": resource(
    { arn: z.string(), policy: z.string() },
    async ({ sns, inputs: { arn, policy } }) => {
      await sns.send(
        new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: "Policy", AttributeValue: policy }),
      );
      return undefined;
    },
  ),
  "aws:sns/topicSubscription:TopicSubscription": resource(
    { topic: z.string(), protocol: z.string(), endpoint: z.string(), filterPolicy: z.string().optional() },
    async ({ sns, inputs: { topic, protocol, endpoint, filterPolicy } }) => {
      await sns.send(
        new SubscribeCommand({
          TopicArn: topic,
          Protocol: protocol,
          Endpoint: endpoint,
          ...(filterPolicy !== undefined && { Attributes: { FilterPolicy: filterPolicy } }),
        }),
      );
      return undefined; // its last part is made up by each
    },
  ),
};
