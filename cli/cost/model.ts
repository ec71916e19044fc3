import { type Bill, billOf, type Usage } from "./bill.ts";
import { PRODUCER } from "./deployment.ts";
import { invocationsOf, type MonthOf, recordsOf } from "./events.ts";
import { lakeUsage } from "./lake-usage.ts";
import { messageUsage } from "./message-usage.ts";
import { counted } from "./numbers.ts";
import { operationsUsage } from "./operations-usage.ts";
import { HOURS_A_MONTH } from "./schedule-runs.ts";
import { BYTES_A_GB, BYTES_A_KB } from "./units.ts";

/** https://aws.amazon.com/kinesis/data-streams/pricing/ */
const PUT_UNIT_BYTES = 25 * BYTES_A_KB;
const FREE_RETENTION_HOURS = 24;
const LONGEST_EXTENDED_HOURS = 168;
/** After the second rotation of a key no version costs more. https://aws.amazon.com/kms/pricing/ */
const MOST_PAID_ROTATIONS = 2;
const MEGABYTES_OF_A_FUNCTIONS_GB = 1024;

/** The quantities of a month, each with how it comes about. Pure. */
export function usageOf(month: MonthOf): Usage[] {
  return [
    ...streams(month),
    ...keys(month),
    ...functions(month),
    ...lakeUsage(month),
    ...messageUsage(month),
    ...operationsUsage(month),
  ].filter(({ quantity }) => quantity > 0);
}

/** The bill of a month, by the prices of the stack's region. Pure. */
export function billOfMonth(month: MonthOf, options: { readonly freeTier: boolean }): Bill {
  return billOf(usageOf(month), { ...options, region: month.deployment.region });
}

/** What the graph has and the price table has not; in words. */
export function unpricedParts({ deployment }: MonthOf): string[] {
  return deployment.streams.flatMap(({ mode, retentionHours }) => {
    const kept = `what the stream keeps for ${retentionHours} h`;
    if (mode === "on-demand" && retentionHours > FREE_RETENTION_HOURS)
      return [`${kept}: on-demand streams pay it by GB-month`];
    return retentionHours > LONGEST_EXTENDED_HOURS
      ? [`${kept}: beyond ${LONGEST_EXTENDED_HOURS} h it is paid by GB-month`]
      : [];
  });
}

function streams(month: MonthOf): Usage[] {
  const { deployment, workload } = month;
  const records = recordsOf(month);
  const { recordBytes } = workload.assumptions;
  return deployment.streams.flatMap(({ mode, shards, retentionHours }): Usage[] => {
    if (mode === "on-demand") {
      const kib = Math.ceil(recordBytes / BYTES_A_KB);
      const gigabytes = (records * kib * BYTES_A_KB) / BYTES_A_GB;
      const basis = `${counted(records, "record")} x ${kib} KB`;
      return [
        { price: "kinesis.streamHour", quantity: HOURS_A_MONTH, basis: `1 stream x ${HOURS_A_MONTH} h` },
        { price: "kinesis.gigabyteIn", quantity: gigabytes, basis },
        {
          price: "kinesis.gigabyteOut",
          quantity: gigabytes * deployment.mappings.length,
          basis: `${basis} x ${counted(deployment.mappings.length, "consumer")}`,
        },
      ];
    }
    const shardHours = shards * HOURS_A_MONTH;
    const basis = `${counted(shards, "shard")} x ${HOURS_A_MONTH} h`;
    const units = Math.ceil(recordBytes / PUT_UNIT_BYTES);
    return [
      { price: "kinesis.shardHour", quantity: shardHours, basis },
      {
        price: "kinesis.extendedRetention",
        quantity: retentionHours > FREE_RETENTION_HOURS ? shardHours : 0,
        basis: `${basis}, kept for ${retentionHours} h`,
      },
      {
        price: "kinesis.putUnit",
        quantity: records * units,
        basis: `${counted(records, "record")} x ${counted(units, "unit")}`,
      },
    ];
  });
}

function keys({ deployment, workload }: MonthOf): Usage[] {
  const { month, kmsCallsPerHour } = workload.assumptions;
  const rotations = Math.min(MOST_PAID_ROTATIONS, Math.floor((month - 1) / 12));
  // The producer and each consumer have credentials of their own, and Kinesis asks for each, whosever the key is.
  const users = deployment.mappings.length + 1;
  return [
    ...deployment.keys.map(({ isRotated }): Usage => {
      const versions = 1 + (isRotated ? rotations : 0);
      return { price: "kms.key", quantity: versions, basis: `1 key of ${counted(versions, "version")}` };
    }),
    ...deployment.streams.map(
      ({ isEncrypted }): Usage => ({
        price: "kms.request",
        quantity: isEncrypted ? users * kmsCallsPerHour * HOURS_A_MONTH : 0,
        basis: `${users} users of the stream x ${kmsCallsPerHour} an hour x ${HOURS_A_MONTH} h`,
      }),
    ),
  ];
}

function secondsOf({ workload, deployment }: MonthOf, name: string): number {
  const { pollSeconds, batchSeconds, runSeconds } = workload.assumptions;
  if (name === PRODUCER) return pollSeconds;
  return deployment.mappings.some((mapping) => mapping.function === name) ? batchSeconds : runSeconds;
}

function functions(month: MonthOf): Usage[] {
  return month.deployment.functions.flatMap((lambda): Usage[] => {
    const invocations = invocationsOf(month, lambda.name);
    const seconds = secondsOf(month, lambda.name);
    const basis = `${lambda.name}: ${counted(invocations, "invocation")}`;
    return [
      { price: "lambda.request", quantity: invocations, basis },
      {
        price: lambda.architecture === "arm64" ? "lambda.armGigabyteSecond" : "lambda.x86GigabyteSecond",
        quantity: (invocations * seconds * lambda.memoryMegabytes) / MEGABYTES_OF_A_FUNCTIONS_GB,
        basis: `${basis} x ${seconds} s x ${lambda.memoryMegabytes} MB`,
      },
      // The first request of each second is sampled, and more than one a second is rare here.
      { price: "xray.trace", quantity: lambda.isTraced ? invocations : 0, basis },
    ];
  });
}
