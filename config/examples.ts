import { z } from "zod";
import { metaOf, variants } from "./schema-walk.ts";

type Schema = z.core.$ZodType;

const MEASURE = { metric: "rainIntensity", over: "24h", as: "sum" };
const LEVELS = { orange: 40, red: 80 };
const CONDITIONS = [
  { measure: { metric: "humidity" }, levels: { red: 20 }, below: true },
  { measure: { metric: "windGust" }, levels: { red: 11 } },
];

/** Of the keys of rules, whose schemas the functions have, too, and which describe themselves to no preview. */
const OF_RULES: Readonly<Record<string, unknown>> = {
  hazard: "rain",
  hazards: [{ hazard: "rain", measure: MEASURE, levels: LEVELS }],
  measure: MEASURE,
  metric: "rainIntensity",
  over: "24h",
  as: "sum",
  unit: "km/h",
  levels: LEVELS,
  yellow: 20,
  orange: 40,
  red: 80,
  below: true,
  all: CONDITIONS,
  clear: { after: "3h", ratio: 0.9 },
  after: "3h",
  ratio: 0.9,
  for: "10m",
  repeatEvery: "6h",
  allClear: "digest",
  scale: "INMET",
};

/** Of the maps by name, whose names have one schema. */
const NAMES: Readonly<Record<string, string>> = {
  subscriptions: "duty-officer",
  messages: "morning-digest",
  webhooks: "control-room",
};

/** A value that would do for what lies at a key; of a map its least, or its first key. */
export function exampleOf(schemas: readonly Schema[], key: PropertyKey | undefined): unknown {
  const example = metaOf(schemas)?.example;
  if (example !== undefined) return example;
  const options = schemas.flatMap(variants);
  const ofRule = OF_RULES[String(key)] ?? (isRule(options) ? firstOf(OF_RULES.hazards) : undefined);
  if (ofRule !== undefined) return ofRule;
  for (const option of options) {
    if (option instanceof z.core.$ZodArray) return [exampleOf([option._zod.def.element], undefined)];
    if (option instanceof z.core.$ZodObject) return exampleOfMap(option._zod.def.shape);
    if (option instanceof z.core.$ZodRecord) {
      const name = NAMES[String(key)] ?? String(exampleOf([option._zod.def.keyType as Schema], undefined));
      return { [name]: exampleOf([option._zod.def.valueType as Schema], undefined) };
    }
  }
  return "VALUE";
}

/** What kind of value is expected, in words. */
export function kindOf(schemas: readonly Schema[]): string {
  const kinds = schemas.flatMap(variants).map((option) => {
    if (option instanceof z.core.$ZodArray) return "a list";
    if (option instanceof z.core.$ZodRecord) return "a map of names";
    if (option instanceof z.core.$ZodObject) {
      return `a map with keys of ${Object.keys(option._zod.def.shape).join(", ")}`;
    }
    return option._zod.def.type === "boolean" ? "true or false" : `a ${option._zod.def.type}`;
  });
  return [...new Set(kinds)].join(", or ");
}

function exampleOfMap(shape: Readonly<Record<string, Schema>>): Record<string, unknown> {
  const entries = Object.entries(shape);
  const needed = entries.filter(([, schema]) => schema._zod.optin !== "optional");
  return Object.fromEntries(
    (needed.length > 0 ? needed : entries.slice(0, 1)).map(([key, schema]) => [
      key,
      exampleOf([schema], key),
    ]),
  );
}

function isRule(options: readonly Schema[]): boolean {
  return options.some(
    (option) =>
      option instanceof z.core.$ZodObject &&
      "hazard" in option._zod.def.shape &&
      "all" in option._zod.def.shape,
  );
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}
