/**
 * List prices in US dollars of us-east-1, first tier, without tax. Data, not code: whoever updates a price changes its
 * line and the date. `source` is the page of AWS's to hold it against; docs/cost.md says how far that has been done. What
 * is known of other regions is in regions.ts. The price of a text message depends on the country and is not here.
 */
export const BASE_REGION = "us-east-1";
/** When the tables, this one and that of regions, were last gone through. */
export const PRICE_DATE = "2026-11-25";

export interface Price {
  readonly service: string;
  /** As the bill counts, in the plural where the price is for many. */
  readonly unit: string;
  /** US dollars for so many of the unit. */
  readonly usd: number;
  readonly per: number;
  readonly source: string;
  /** Whose price it is; that of a text is of no region. */
  readonly region?: string;
}

const THOUSAND = 1e3;
const TEN_THOUSAND = 1e4;
const HUNDRED_THOUSAND = 1e5;
const MILLION = 1e6;

const KINESIS = "https://aws.amazon.com/kinesis/data-streams/pricing/";
const KMS = "https://aws.amazon.com/kms/pricing/";
const LAMBDA = "https://aws.amazon.com/lambda/pricing/";
const S3 = "https://aws.amazon.com/s3/pricing/";
const GLUE = "https://aws.amazon.com/glue/pricing/";
const ATHENA = "https://aws.amazon.com/athena/pricing/";
const SNS = "https://aws.amazon.com/sns/pricing/";
const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const XRAY = "https://aws.amazon.com/xray/pricing/";
const EVENTBRIDGE = "https://aws.amazon.com/eventbridge/pricing/";

export const PRICES = {
  "kinesis.shardHour": price("Kinesis", "shard-hour", 0.015, 1, KINESIS),
  "kinesis.putUnit": price("Kinesis", "PUT payload units", 0.014, MILLION, KINESIS),
  "kinesis.extendedRetention": price("Kinesis", "shard-hour kept over 24 h", 0.02, 1, KINESIS),
  "kinesis.streamHour": price("Kinesis", "on-demand stream-hour", 0.04, 1, KINESIS),
  "kinesis.gigabyteIn": price("Kinesis", "GB in", 0.08, 1, KINESIS),
  "kinesis.gigabyteOut": price("Kinesis", "GB out", 0.04, 1, KINESIS),
  "kms.key": price("KMS", "key version", 1, 1, KMS),
  "kms.request": price("KMS", "requests", 0.03, TEN_THOUSAND, KMS),
  "lambda.request": price("Lambda", "requests", 0.2, MILLION, LAMBDA),
  "lambda.armGigabyteSecond": price("Lambda", "GB-s on arm64", 0.0000133334, 1, LAMBDA),
  "lambda.x86GigabyteSecond": price("Lambda", "GB-s on x86_64", 0.0000166667, 1, LAMBDA),
  "s3.put": price("S3", "PUTs and LISTs", 0.005, THOUSAND, S3),
  "s3.get": price("S3", "GETs", 0.0004, THOUSAND, S3),
  "s3.gigabyteMonth": price("S3", "GB-month", 0.023, 1, S3),
  "glue.crawlerDpuHour": price("Glue", "crawler DPU-hour", 0.44, 1, GLUE),
  "glue.jobDpuHour": price("Glue", "job DPU-hour", 0.44, 1, GLUE),
  "glue.object": price("Glue", "catalog objects", 1, HUNDRED_THOUSAND, GLUE),
  "athena.terabyte": price("Athena", "TB scanned", 5, 1, ATHENA),
  "sns.publish": price("SNS", "publishes", 0.5, MILLION, SNS),
  "sns.email": price("SNS", "e-mails", 2, HUNDRED_THOUSAND, SNS),
  "logs.ingest": price("CloudWatch", "GB of logs taken in", 0.5, 1, CLOUDWATCH),
  "logs.store": price("CloudWatch", "GB-month of logs kept", 0.03, 1, CLOUDWATCH),
  "cloudwatch.alarm": price("CloudWatch", "alarm", 0.1, 1, CLOUDWATCH),
  "cloudwatch.metric": price("CloudWatch", "custom metric", 0.3, 1, CLOUDWATCH),
  "cloudwatch.dashboard": price("CloudWatch", "dashboard", 3, 1, CLOUDWATCH),
  "xray.trace": price("X-Ray", "traces recorded", 5, MILLION, XRAY),
  "scheduler.invocation": price("EventBridge", "Scheduler invocations", 1, MILLION, EVENTBRIDGE),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;

/** What AWS does not charge in any month, a year or ten after the account was opened. Shared by all of an account. */
export interface Allowance {
  readonly prices: readonly PriceName[];
  readonly quantity: number;
  readonly unit: string;
  readonly source: string;
}

export const ALLOWANCES: readonly Allowance[] = [
  { prices: ["lambda.request"], quantity: MILLION, unit: "requests", source: LAMBDA },
  {
    prices: ["lambda.armGigabyteSecond", "lambda.x86GigabyteSecond"],
    quantity: 400_000,
    unit: "GB-s",
    source: LAMBDA,
  },
  { prices: ["kms.request"], quantity: 20_000, unit: "requests", source: KMS },
  { prices: ["glue.object"], quantity: MILLION, unit: "catalog objects", source: GLUE },
  { prices: ["sns.publish"], quantity: MILLION, unit: "publishes", source: SNS },
  { prices: ["sns.email"], quantity: THOUSAND, unit: "e-mails", source: SNS },
  { prices: ["logs.ingest", "logs.store"], quantity: 5, unit: "GB of logs", source: CLOUDWATCH },
  { prices: ["cloudwatch.alarm"], quantity: 10, unit: "alarms", source: CLOUDWATCH },
  { prices: ["cloudwatch.metric"], quantity: 10, unit: "custom metrics", source: CLOUDWATCH },
  { prices: ["cloudwatch.dashboard"], quantity: 3, unit: "dashboards", source: CLOUDWATCH },
  { prices: ["xray.trace"], quantity: HUNDRED_THOUSAND, unit: "traces", source: XRAY },
  {
    prices: ["scheduler.invocation"],
    quantity: 14 * MILLION,
    unit: "Scheduler invocations",
    source: EVENTBRIDGE,
  },
];

function price(service: string, unit: string, usd: number, per: number, source: string): Price {
  return { service, unit, usd, per, source, region: BASE_REGION };
}
