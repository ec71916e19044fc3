import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StormwireConfig } from "../config/schema.ts";
import { keyGrant, keyPolicy } from "./key-policy.ts";
import type { Grant } from "./policy.ts";
import { refuseShardSteps } from "./shard-count.ts";

export type StreamArgs = StormwireConfig["stream"] & {
  /** Whether stream and key must outlive `pulumi destroy`: unread records exist nowhere else. */
  readonly protect: boolean;
};

/** What AWS allows, days: until the last of them a key's deletion can be taken back. */
const KEY_DELETION_DAYS = { shortest: 7, longest: 30 } as const;

/**
 * The Kinesis data stream of observations, partition key = location id, and the stack's one key, which encrypts the topics as
 * well: a second key would cost a dollar a month, and who may use it for what is said by service either way.
 */
export class ObservationStream extends pulumi.ComponentResource {
  readonly stream: aws.kinesis.Stream;
  readonly key: aws.kms.Key;

  constructor(name: string, args: StreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:ObservationStream", name, {}, opts);
    const parent = this;

    const key = createKey();
    const stream = createStream();

    this.key = key;
    this.stream = stream;
    this.registerOutputs({ arn: stream.arn });

    // A customer key and not `alias/aws/kinesis`: only a customer key's use can be granted to single roles.
    function createKey() {
      return new aws.kms.Key(
        name,
        {
          description: "Observations in transit on the Kinesis stream",
          policy: keyPolicy(),
          enableKeyRotation: true,
          deletionWindowInDays: args.protect ? KEY_DELETION_DAYS.longest : KEY_DELETION_DAYS.shortest,
        },
        { parent, protect: args.protect },
      );
    }

    function createStream() {
      const provisioned = args.mode === "provisioned";
      return new aws.kinesis.Stream(
        name,
        {
          streamModeDetails: { streamMode: provisioned ? "PROVISIONED" : "ON_DEMAND" },
          ...(provisioned && { shardCount: args.shards }),
          retentionPeriod: args.retentionHours,
          encryptionType: "KMS",
          kmsKeyId: key.arn,
        },
        { parent, protect: args.protect, hooks: { beforeUpdate: [refuseShardSteps(name)] } },
      );
    }
  }

  /** What a producer needs to put records. */
  writeGrants(): Grant[] {
    return [
      { actions: ["kinesis:PutRecords"], resources: [this.stream.arn] },
      keyGrant(this.key, "kinesis", "kms:GenerateDataKey"),
    ];
  }

  /** What the poller of an event-source mapping needs; it acts with its function's role. */
  readGrants(): Grant[] {
    return [
      {
        actions: [
          "kinesis:DescribeStream",
          "kinesis:DescribeStreamSummary",
          "kinesis:GetRecords",
          "kinesis:GetShardIterator",
          "kinesis:ListShards",
        ],
        resources: [this.stream.arn],
      },
      keyGrant(this.key, "kinesis", "kms:Decrypt"),
    ];
  }
}
