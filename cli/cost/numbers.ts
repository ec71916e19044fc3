import { nounOf } from "../../lib/counted.ts";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** `8,760`, `30.4`, `0.00521`: three digits at least, of what is large all that are whole. */
export function numeral(value: number): string {
  return Math.abs(value) >= 100 ? whole.format(value) : small.format(value);
}

/** `1 shard`, `2 shards`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${numeral(value)} ${nounOf(value, one, many)}`;
}

/** Less than this is what is left of sums of binary fractions. */
const NOTHING_USD = 1e-9;

/** `$10.95`, `-$0.60`; an amount that is not nothing never looks like it. */
export function dollars(usd: number): string {
  if (Math.abs(usd) < NOTHING_USD) return "$0.00";
  const cents = Math.abs(usd).toFixed(2);
  const text = cents === "0.00" ? "<$0.01" : `$${cents}`;
  return usd < 0 && cents !== "0.00" ? `-${text}` : text;
}
