import { ASSUMPTIONS } from "./assumptions.ts";
import type { Estimate } from "./estimate.ts";
import type { CostOptions } from "./options.ts";
import { BASE_REGION, PRICE_DATE } from "./prices.ts";
import type { StackMonth } from "./read-month.ts";
import { isKnown } from "./regions.ts";

/** For scripts: fields are added, never renamed. Amounts are US dollars a month, not rounded. */
export function toJson(
  month: StackMonth,
  { bill, nextPlaceUsd, savings, assumptions, unpriced }: Estimate,
  { freeTier }: CostOptions,
): string {
  const { stack, deployment, workload, types } = month;
  const content = {
    stack,
    region: deployment.region,
    // Of the stack's region where they are known; each line says whose its price is.
    prices: { region: isKnown(deployment.region) ? deployment.region : BASE_REGION, date: PRICE_DATE },
    locations: workload.places,
    poll: month.poll,
    freeTier,
    totalUsd: bill.usd,
    totalAfterFreeTierUsd: bill.afterFreeUsd,
    nextLocationUsd: nextPlaceUsd,
    services: bill.services,
    lines: bill.lines.map(({ service, basis, quantity, price, usd }) => ({
      service,
      basis,
      quantity,
      unit: price.unit,
      priceUsd: price.usd,
      per: price.per,
      source: price.source,
      priceRegion: price.region,
      usd,
    })),
    free: bill.free.map(({ service, allowance, usd }) => ({
      service,
      quantity: allowance.quantity,
      unit: allowance.unit,
      usd,
    })),
    savings,
    assumptions: assumptions.map(({ name, value, doubledUsd }) => {
      const { unit, reason } = ASSUMPTIONS[name];
      return { name, value, unit, reason, doubledUsd };
    }),
    smsUsd: workload.smsUsd,
    resourceTypes: types.map(({ type, count, classification }) => ({ type, count, ...classification })),
    unpriced,
    quotaWarning: month.quotaWarning,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
