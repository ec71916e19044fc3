import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  StartStreamEncryptionCommand,
  waitUntilStreamExists,
} from "@aws-sdk/client-kinesis";
import { CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { pascalKeys } from "../inputs.ts";
import type { Creates } from "./resource.ts";

/** A stream begins with it: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
const DEFAULT_RETENTION_HOURS = 24;

export const MESSAGING: Creates = {
  "aws:kinesis/stream:Stream": async ({ kinesis, name, inputs }) => {
    const stream = { StreamName: name };
    await kinesis.send(
      new CreateStreamCommand({
        ...stream,
        Tags: inputs.tags(),
        ShardCount: inputs.get("shardCount"),
        StreamModeDetails: pascalKeys(inputs.get("streamModeDetails")),
      }),
    );
    await waitUntilStreamExists({ client: kinesis, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, stream);
    const hours: number | undefined = inputs.get("retentionPeriod");
    if (hours !== undefined && hours > DEFAULT_RETENTION_HOURS)
      await kinesis.send(
        new IncreaseStreamRetentionPeriodCommand({ ...stream, RetentionPeriodHours: hours }),
      );
    const EncryptionType = inputs.get("encryptionType");
    const KeyId = inputs.get("kmsKeyId");
    if (EncryptionType === "KMS")
      await kinesis.send(new StartStreamEncryptionCommand({ ...stream, EncryptionType, KeyId }));
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand(stream));
    return StreamDescriptionSummary?.StreamARN;
  },
  "aws:sns/topic:Topic": async ({ sns, name, inputs }) => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name, Tags: inputs.tagList() }));
    return TopicArn;
  },
  "aws:sns/topicPolicy:TopicPolicy": async ({ sns, inputs }) => {
    const [TopicArn, AttributeValue] = [inputs.get("arn"), inputs.get("policy")];
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
    return undefined;
  },
  "aws:sns/topicSubscription:TopicSubscription": async ({ sns, inputs }) => {
    const [TopicArn, Protocol, Endpoint] = ["topic", "protocol", "endpoint"].map((name) => inputs.get(name));
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes: inputs.rest() as never }),
    );
    return undefined; // its last part is made up by each
  },
};
