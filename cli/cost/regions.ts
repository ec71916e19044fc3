import { BASE_REGION, PRICES, type Price, type PriceName } from "./prices.ts";

/** AWS's own list of a service's prices in a region, as JSON and without an account. */
const LISTS = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws";

/** US dollars for as many of the unit as in {@link PRICES}, and AWS's list that says so. */
interface RegionalPrice {
  readonly usd: number;
  readonly source: string;
}

type RegionalPrices = Readonly<Partial<Record<PriceName, RegionalPrice>>>;

/**
 * What is known of other regions, the same as in us-east-1 or not; what is not here is not known. docs/cost.md says how
 * far it is.
 */
const REGIONS: Readonly<Record<string, RegionalPrices>> = {
  "sa-east-1": {
    ...inSaoPaulo("awskms", { "kms.key": 1, "kms.request": 0.03 }),
    ...inSaoPaulo("AWSLambda", {
      "lambda.request": 0.2,
      "lambda.armGigabyteSecond": 0.0000133334,
      "lambda.x86GigabyteSecond": 0.0000166667,
    }),
    ...inSaoPaulo("AmazonS3", { "s3.put": 0.007, "s3.get": 0.00056, "s3.gigabyteMonth": 0.0405 }),
    ...inSaoPaulo("AWSGlue", { "glue.crawlerDpuHour": 0.69, "glue.jobDpuHour": 0.69, "glue.object": 1 }),
    ...inSaoPaulo("AmazonAthena", { "athena.terabyte": 9 }),
    ...inSaoPaulo("AmazonCloudWatch", {
      "logs.ingest": 0.9,
      "logs.store": 0.0408,
      "cloudwatch.alarm": 0.135,
    }),
    ...inSaoPaulo("AWSEvents", { "scheduler.invocation": 1.7 }),
  },
};

/** Whether any price of a region is known. */
export function isKnown(region: string): boolean {
  return region === BASE_REGION || Object.hasOwn(REGIONS, region);
}

/** A price in a region; that of us-east-1 where the region's is not known, which the price's own `region` says. */
export function priceIn(region: string, name: PriceName): Price {
  const base: Price = PRICES[name];
  const regional = REGIONS[region]?.[name];
  return regional === undefined ? base : { ...base, ...regional, region };
}

function inSaoPaulo(offer: string, usd: Readonly<Partial<Record<PriceName, number>>>): RegionalPrices {
  const source = `${LISTS}/${offer}/current/sa-east-1/index.json`;
  return Object.fromEntries(Object.entries(usd).map(([name, price]) => [name, { usd: price, source }]));
}
