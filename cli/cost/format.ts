import { styleText } from "node:util";
import { alignColumns } from "../columns.ts";
import { ASSUMPTIONS } from "./assumptions.ts";
import type { Bill, Line } from "./bill.ts";
import type { AssumptionEffect, Estimate } from "./estimate.ts";
import { counted, dollars, numeral } from "./numbers.ts";
import type { CostOptions } from "./options.ts";
import { BASE_REGION, PRICE_DATE, type Price } from "./prices.ts";
import type { StackMonth } from "./read-month.ts";
import { isKnown } from "./regions.ts";

const SHOWN_SAVINGS = 3;

/** For people: the bill with its quantities, what it depends on, and what would change it. */
export function formatCost(month: StackMonth, result: Estimate, options: CostOptions): string {
  const sections = [
    title(month, result.bill),
    bill(result, month.deployment.region, options),
    places(month, result),
    savings(result),
    assumptions(month, result.assumptions, options),
    types(month, result),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function heading(text: string): string {
  return styleText("bold", text);
}

function title({ stack, deployment, workload, poll, quotaWarning }: StackMonth, { lines }: Bill): string[] {
  const { month } = workload.assumptions;
  return [
    heading(`Stack "${stack}": ${counted(workload.places, "place")}, ${poll}, in month ${month}`),
    ...prices(deployment.region, lines),
    ...(quotaWarning === undefined ? [] : [`! ${quotaWarning}`]),
  ];
}

/** Whose prices they are. */
function prices(region: string, lines: readonly Line[]): string[] {
  const terms = `${PRICE_DATE}, in US dollars without tax; 730 h a month.`;
  if (!isKnown(region)) {
    return [
      `The stack is in ${region}, whose prices are not known here: it is priced as ${BASE_REGION}, ${terms} ` +
        "Other regions are mostly dearer.",
    ];
  }
  const elsewhere = lines.filter(({ price }) => isOfOther(price, region));
  if (elsewhere.length === 0) return [`Prices of ${region}, ${terms}`];
  const units = [...Map.groupBy(elsewhere, ({ service }) => service)].map(
    ([service, ofService]) =>
      `${service} (${[...new Set(ofService.map(({ price }) => price.unit))].join(", ")})`,
  );
  return [
    `Prices of ${region}, ${terms}`,
    `! Not known there, and priced as ${BASE_REGION}: ${units.join("; ")}. Other regions are mostly dearer.`,
  ];
}

function isOfOther(price: Price, region: string): boolean {
  return price.region !== undefined && price.region !== region;
}

function bill(result: Estimate, region: string, { freeTier }: CostOptions): string[] {
  const { lines, free, services, usd, afterFreeUsd } = result.bill;
  const rows = services.flatMap(({ service, usd: ofService, afterFreeUsd: after }) => [
    [service, "", dollars(freeTier ? after : ofService)],
    ...lines
      .filter((line) => line.service === service)
      .map((line) => [`  ${line.basis}`, rate(line, region), dollars(line.usd)]),
    ...free
      .filter((line) => line.service === service)
      .map(({ allowance, usd: taken }) => [
        `  always free: ${numeral(allowance.quantity)} ${allowance.unit}`,
        "",
        dollars(-taken),
      ]),
  ]);
  const totals = freeTier
    ? [
        ["before the always-free tier", "", dollars(usd)],
        ["total a month", "", dollars(afterFreeUsd)],
      ]
    : [["total a month, without the always-free tier", "", dollars(usd)]];
  return [
    heading("Bill"),
    ...alignColumns([...rows, ...totals], [false, true, true]).lines,
    drivers(result.bill),
  ];
}

function rate({ price }: Line, region: string): string {
  const where = isKnown(region) && isOfOther(price, region) ? `, ${price.region}` : "";
  return `x $${price.usd} per ${price.per === 1 ? "" : `${numeral(price.per)} `}${price.unit}${where}`;
}

const NAMED_DRIVERS = 3;

/** Which services make most of it. */
function drivers({ services, afterFreeUsd }: Bill): string {
  const shares = services
    .slice(0, NAMED_DRIVERS)
    .map(({ service, afterFreeUsd: usd }) => `${service} ${Math.round((100 * usd) / afterFreeUsd)} %`);
  return `What drives it: ${shares.join(", ")}`;
}

function places({ workload }: StackMonth, { nextPlaceUsd, bill: { afterFreeUsd } }: Estimate): string[] {
  return [
    heading("Per place"),
    `${dollars(afterFreeUsd / workload.places)} on average; one more costs ${dollars(nextPlaceUsd)} a month`,
  ];
}

function savings({ savings: all }: Estimate): string[] {
  const saving = all.filter(({ savingUsd }) => savingUsd > 0).slice(0, SHOWN_SAVINGS);
  const dearer = all.filter(({ savingUsd }) => savingUsd < 0);
  const rows = [
    ...saving.map(({ name, setting, savingUsd }) => [dollars(-savingUsd), name, setting]),
    ...dearer.map(({ name, setting, savingUsd }) => [`+${dollars(-savingUsd)}`, name, setting]),
  ];
  if (rows.length === 0) return [];
  return [heading("Savings, one at a time"), ...alignColumns(rows, [true]).lines];
}

function assumptions(
  { workload }: StackMonth,
  effects: readonly AssumptionEffect[],
  { smsPrice }: CostOptions,
): string[] {
  const rows = effects.map(({ name, value, doubledUsd }) => {
    const { unit, reason } = ASSUMPTIONS[name];
    return [name, numeral(value), unit, signed(doubledUsd), reason];
  });
  const sms =
    smsPrice === undefined
      ? `A text counts ${dollars(workload.smsUsd)}, the most that the program pays (stormwire:sms.maxPriceUsd). Your country's ` +
        "price: https://aws.amazon.com/sns/sms-pricing/, then --sms-price USD."
      : `A text counts $${smsPrice} (--sms-price).`;
  return [
    heading("Assumptions: --assume NAME=NUMBER; the fourth column is what twice as much would change"),
    ...alignColumns(rows, [false, true, false, true]).lines,
    "* measured: npm start, then npm run cost -- --measure .local",
    sms,
  ];
}

function signed(usd: number): string {
  const text = dollars(usd);
  if (text === "$0.00") return "";
  return usd > 0 ? `+${text}` : text;
}

function types({ types: all }: StackMonth, { unpriced }: Estimate): string[] {
  const of = (kind: string) => all.filter(({ classification }) => classification.kind === kind);
  const free = of("free").map(({ type }) => shortType(type));
  const unknown = of("not priced");
  return [
    heading("Resources"),
    `priced: ${of("priced")
      .map(({ type }) => shortType(type))
      .join(", ")}`,
    `free: ${free.join(", ")}`,
    ...unknown.map(({ type, count }) => `! not priced: ${counted(count, "resource")} of type ${type}`),
    ...unpriced.map((part) => `! not priced: ${part}`),
  ];
}

/** `aws:kinesis/stream:Stream` -> `kinesis.Stream`. */
function shortType(type: string): string {
  const [, module = "", name = ""] = type.split(":");
  return `${module.split("/")[0]}.${name}`;
}
