import { readFile } from "node:fs/promises";
import {
  CreateBucketCommand,
  type Event,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import type { GraphAsset } from "../../../../local/program/packages.ts";
import { pascalKeys } from "../inputs.ts";
import type { Creates } from "./resource.ts";

export const STORAGE: Creates = {
  "aws:s3/bucket:Bucket": async ({ s3, name, inputs }) => {
    inputs.ignore("forceDestroy");
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    const TagSet = inputs.tagList();
    if (TagSet.length > 0) await s3.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }));
    return `arn:aws:s3:::${name}`;
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": async ({ s3, inputs }) => {
    const Rules = pascalKeys(inputs.get("rules")).map(({ Id, ...rule }: { Id: string }) => ({
      ID: Id,
      ...rule,
    }));
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: inputs.get("bucket"),
        LifecycleConfiguration: { Rules },
      }),
    );
    return undefined;
  },
  "aws:s3/bucketPolicy:BucketPolicy": async ({ s3, inputs }) => {
    await s3.send(new PutBucketPolicyCommand({ Bucket: inputs.get("bucket"), Policy: inputs.get("policy") }));
    return undefined;
  },
  "aws:s3/bucketNotification:BucketNotification": async ({ s3, inputs }) => {
    const topics: { id: string; topicArn: string; events: string[]; filterPrefix?: string }[] =
      inputs.get("topics") ?? [];
    const TopicConfigurations = topics.map(({ id, topicArn, events, filterPrefix }) => ({
      Id: id,
      TopicArn: topicArn,
      Events: events as Event[],
      ...(filterPrefix && {
        Filter: { Key: { FilterRules: [{ Name: "prefix" as const, Value: filterPrefix }] } },
      }),
    }));
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: inputs.get("bucket"),
        NotificationConfiguration: { TopicConfigurations },
      }),
    );
    return undefined;
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": async ({ s3, inputs }) => {
    const Bucket = inputs.get("bucket");
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: inputs.rest() }));
    return undefined;
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": async ({
    s3,
    inputs,
  }) => {
    const rules: { applyServerSideEncryptionByDefault: { sseAlgorithm: string } }[] = inputs.get("rules");
    const Rules = rules.map(({ applyServerSideEncryptionByDefault: { sseAlgorithm } }) => ({
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: sseAlgorithm as "AES256" },
    }));
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket: inputs.get("bucket"),
        ServerSideEncryptionConfiguration: { Rules },
      }),
    );
    return undefined;
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": async ({ s3, inputs }) => {
    const source: GraphAsset = inputs.get("source");
    await s3.send(
      new PutObjectCommand({
        Bucket: inputs.get("bucket"),
        Key: inputs.get("key"),
        ContentType: inputs.get("contentType"),
        Tagging: new URLSearchParams(inputs.tags()).toString(),
        Body: "path" in source ? await readFile(source.path) : source.text,
      }),
    );
    return undefined;
  },
  "aws:ssm/parameter:Parameter": async ({ ssm, name, inputs }) => {
    inputs.ignore("name");
    await ssm.send(
      new PutParameterCommand({ Name: name, Tags: inputs.tagList(), ...inputs.rest() } as never),
    );
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    return Parameter?.ARN;
  },
};
