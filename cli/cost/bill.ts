import { ALLOWANCES, type Allowance, type Price, type PriceName } from "./prices.ts";
import { priceIn } from "./regions.ts";

/** So much of something that has a price, in a month. */
export interface Usage {
  /** A name of the table, or a price of its own: that of a text depends on who gets it. */
  readonly price: PriceName | Price;
  /** In the price's unit. */
  readonly quantity: number;
  /** Where the quantity comes from, for people: `1 shard x 730 h`. */
  readonly basis: string;
}

export interface Line {
  readonly service: string;
  readonly basis: string;
  readonly quantity: number;
  readonly price: Price;
  /** Before the always-free tier. */
  readonly usd: number;
}

/** What the always-free tier takes off. */
interface FreeLine {
  readonly service: string;
  readonly allowance: Allowance;
  /** US dollars, positive. */
  readonly usd: number;
}

interface ServiceTotal {
  readonly service: string;
  readonly usd: number;
  readonly afterFreeUsd: number;
}

export interface Bill {
  readonly lines: readonly Line[];
  /** Only those that take something off. */
  readonly free: readonly FreeLine[];
  /** The dearest first. */
  readonly services: readonly ServiceTotal[];
  readonly usd: number;
  /** The same as `usd` when the tier is switched off. */
  readonly afterFreeUsd: number;
}

interface BillOptions {
  readonly freeTier: boolean;
  /** Whose prices count, where they are known. */
  readonly region: string;
}

/** Quantities times prices, less what is always free. Pure; nothing is rounded. */
export function billOf(usages: readonly Usage[], { freeTier, region }: BillOptions): Bill {
  const lines = usages.map((usage): Line => {
    const price = priceOf(usage, region);
    return {
      service: price.service,
      basis: usage.basis,
      quantity: usage.quantity,
      price,
      usd: costOf(usage.quantity, price),
    };
  });
  const free = freeTier ? ALLOWANCES.flatMap((allowance) => freeLine(allowance, usages, region)) : [];
  const usd = sum(lines);
  return { lines, free, services: serviceTotals(lines, free), usd, afterFreeUsd: usd - sum(free) };
}

function priceOf({ price }: Usage, region: string): Price {
  return typeof price === "string" ? priceIn(region, price) : price;
}

function costOf(quantity: number, { usd, per }: Price): number {
  return (quantity / per) * usd;
}

/** An allowance over several prices goes to the first of them first. */
function freeLine(allowance: Allowance, usages: readonly Usage[], region: string): FreeLine[] {
  let left = allowance.quantity;
  let usd = 0;
  for (const name of allowance.prices) {
    const used = usages
      .filter(({ price }) => price === name)
      .reduce((total, { quantity }) => total + quantity, 0);
    const taken = Math.min(left, used);
    left -= taken;
    usd += costOf(taken, priceIn(region, name));
  }
  const [first] = allowance.prices;
  return usd > 0 && first !== undefined ? [{ service: priceIn(region, first).service, allowance, usd }] : [];
}

function serviceTotals(lines: readonly Line[], free: readonly FreeLine[]): ServiceTotal[] {
  const services = [...new Set(lines.map(({ service }) => service))].map((service) => {
    const ofService = (one: { readonly service: string }) => one.service === service;
    const usd = sum(lines.filter(ofService));
    return { service, usd, afterFreeUsd: usd - sum(free.filter(ofService)) };
  });
  return services.sort((a, b) => b.afterFreeUsd - a.afterFreeUsd || b.usd - a.usd);
}

function sum(parts: readonly { readonly usd: number }[]): number {
  return parts.reduce((total, { usd }) => total + usd, 0);
}
