import { readFile } from "node:fs/promises";
import {
  CreateBucketCommand,
  Event,
  ExpirationStatus,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  ServerSideEncryption,
} from "@aws-sdk/client-s3";
import { GetParameterCommand, ParameterType, PutParameterCommand } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { type Creates, resource, tagList, tags } from "../definition.ts";
import { pascalKeys } from "../pascal-keys.ts";

const lifecycleRule = z.strictObject({
  id: z.string(),
  status: z.enum(ExpirationStatus),
  filter: z.strictObject({ prefix: z.string().optional() }),
  expiration: z.strictObject({ days: z.number() }).optional(),
  abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: z.number() }).optional(),
});

const encryptionRule = z.strictObject({
  applyServerSideEncryptionByDefault: z.strictObject({
    sseAlgorithm: z.enum(ServerSideEncryption),
    kmsMasterKeyId: z.string().optional(),
  }),
});

const topicNotification = z.strictObject({
  id: z.string(),
  topicArn: z.string(),
  events: z.array(z.enum(Event)),
  filterPrefix: z.string().optional(),
});

export const STORAGE: Creates = {
  "aws:s3/bucket:Bucket": resource(
    { forceDestroy: z.boolean().optional(), tags }, // says something when the bucket is destroyed only
    async ({ s3, name, inputs: { tags } }) => {
      await s3.send(new CreateBucketCommand({ Bucket: name }));
      const TagSet = tagList(tags);
      if (TagSet.length > 0)
        await s3.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }));
      return `arn:aws:s3:::${name}`;
    },
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": resource(
    { bucket: z.string(), rules: z.array(lifecycleRule) },
    async ({ s3, inputs: { bucket, rules } }) => {
      const Rules = rules.map(({ id, ...rule }) => ({ ID: id, ...pascalKeys(rule) }));
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }),
      );
      return undefined;
    },
  ),
  "aws:s3/bucketPolicy:BucketPolicy": resource(
    { bucket: z.string(), policy: z.string() },
    async ({ s3, inputs }) => {
      await s3.send(new PutBucketPolicyCommand(pascalKeys(inputs)));
      return undefined;
    },
  ),
  "aws:s3/bucketNotification:BucketNotification": resource(
    { bucket: z.string(), topics: z.array(topicNotification) },
    async ({ s3, inputs: { bucket, topics } }) => {
      const TopicConfigurations = topics.map(({ id, topicArn, events, filterPrefix }) => ({
        Id: id,
        TopicArn: topicArn,
        Events: events,
        ...(filterPrefix !== undefined && {
          Filter: { Key: { FilterRules: [{ Name: "prefix" as const, Value: filterPrefix }] } },
        }),
      }));
      await s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket: bucket,
          NotificationConfiguration: { TopicConfigurations },
        }),
      );
      return undefined;
    },
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": resource(
    {
      bucket: z.string(),
      blockPublicAcls: z.boolean(),
      blockPublicPolicy: z.boolean(),
      ignorePublicAcls: z.boolean(),
      restrictPublicBuckets: z.boolean(),
    },
    async ({ s3, inputs: { bucket, ...block } }) => {
      await s3.send(
        new PutPublicAccessBlockCommand({
          Bucket: bucket,
          PublicAccessBlockConfiguration: pascalKeys(block),
        }),
      );
      return undefined;
    },
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": resource(
    { bucket: z.string(), rules: z.array(encryptionRule) },
    async ({ s3, inputs: { bucket, rules } }) => {
      const Rules = rules.map(({ applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId } }) => ({
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: sseAlgorithm, KMSMasterKeyID: kmsMasterKeyId },
      }));
      await s3.send(
        new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules } }),
      );
      return undefined;
    },
  ),
  "aws:s3/bucketObjectv2:BucketObjectv2": resource(
    {
      bucket: z.string(),
      key: z.string(),
      contentType: z.string(),
      source: z.union([z.strictObject({ path: z.string() }), z.strictObject({ text: z.string() })]),
      tags,
    },
    async ({ s3, inputs: { source, tags, ...rest } }) => {
      await s3.send(
        new PutObjectCommand({
          ...pascalKeys(rest),
          Tagging: new URLSearchParams(tags).toString(),
          Body: "path" in source ? await readFile(source.path) : source.text,
        }),
      );
      return undefined;
    },
  ),
  "aws:ssm/parameter:Parameter": resource(
    {
      name: z.string().optional(),
      description: z.string().optional(),
      type: z.enum(ParameterType),
      value: z.string(),
      keyId: z.string().optional(),
      tags,
    },
    async ({ ssm, name, inputs: { name: _, tags, ...rest } }) => {
      await ssm.send(new PutParameterCommand({ Name: name, Tags: tagList(tags), ...pascalKeys(rest) }));
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
      return Parameter?.ARN;
    },
  ),
};
