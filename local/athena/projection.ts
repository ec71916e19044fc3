import { NotEmulatedError } from "../endpoint/error.ts";
import type { CatalogTable } from "../glue/catalog-shapes.ts";
import { literalPattern } from "./literal-pattern.ts";
import { projectedDates } from "./projected-dates.ts";
import { ProjectionSettings } from "./projection-settings.ts";

/** The partitions of a table that Athena computes instead of looking them up. */
export interface Projection {
  /** Folder below which all of them lie, `s3://BUCKET/PREFIX/`. */
  readonly location: string;
  /** Whether a file, `s3://BUCKET/KEY`, lies in the folder of a partition within the projection. */
  has(file: string): boolean;
}

/** The hours of 28 years. Beyond, a table is projected by mistake: planning a query would take longer than to run it. */
const MAXIMUM_VALUES = 250_000;

const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  enum: ["type", "values"],
  integer: ["type", "range", "interval", "digits"],
  date: ["type", "range", "format", "interval", "interval.unit"],
};

/**
 * The projection of a table at a moment; undefined where it has none, or has it switched off.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 * Throws NotEmulatedError naming the table and the property that is missing or that this run lacks.
 */
export function projectionOf(table: CatalogTable, now: Date): Projection | undefined {
  const { Parameters, PartitionKeys } = table;
  if (Parameters["projection.enabled"]?.trim().toLowerCase() !== "true") return undefined;
  const keys = PartitionKeys.map(({ Name }) => Name);
  const settings = settingsByKey(table, keys);
  const template = templateOf(table, keys);
  const values = keys.map((key) => valuesOf(new ProjectionSettings(table.Name, key, settings.get(key)), now));
  const order = [...template.matchAll(PLACEHOLDER)].map(([, key]) => keys.indexOf(key ?? ""));
  const pattern = patternOf(template);
  return {
    location: template.slice(0, template.lastIndexOf("/", template.indexOf("${")) + 1),
    has(file) {
      const found = pattern.exec(file)?.slice(1);
      return found?.every((value, index) => values[order[index] ?? -1]?.has(value)) ?? false;
    },
  };
}

const PLACEHOLDER = /\$\{([^}]*)\}/g;

function settingsByKey({ Name, Parameters }: CatalogTable, keys: readonly string[]) {
  const settings = new Map(keys.map((key) => [key, new Map<string, string>()]));
  for (const [property, value] of Object.entries(Parameters)) {
    if (!property.startsWith("projection.") || property === "projection.enabled") continue;
    const key = keys.find((candidate) => property.startsWith(`projection.${candidate}.`));
    if (key === undefined)
      throw new NotEmulatedError(`table ${Name}, whose property ${property} is of no partition key,`);
    settings.get(key)?.set(property.slice(`projection.${key}.`.length), value);
  }
  return settings;
}

/** Where a partition lies. A reader of ours takes the values from folders `KEY=VALUE`, so the template must have them. */
function templateOf({ Name, Parameters, StorageDescriptor }: CatalogTable, keys: readonly string[]): string {
  const root = StorageDescriptor.Location.replace(/\/$/, "");
  const template =
    Parameters["storage.location.template"]?.trim() ??
    `${root}/${keys.map((key) => `${key}=\${${key}}`).join("/")}`;
  const folders = [...template.matchAll(/\/([^/=]+)=\$\{([^}]*)\}(?=\/|$)/g)].filter(([, a, b]) => a === b);
  const named = [...template.matchAll(PLACEHOLDER)].map(([, key]) => key ?? "");
  const isComplete = keys.every((key) => named.includes(key)) && named.every((key) => keys.includes(key));
  if (!isComplete || folders.length !== named.length) {
    throw new NotEmulatedError(
      `table ${Name}, whose storage.location.template "${template}" is not of folders KEY=\${KEY}, one for each partition key,`,
    );
  }
  return template.endsWith("/") ? template : `${template}/`;
}

function patternOf(template: string): RegExp {
  const parts = template.split(PLACEHOLDER);
  return new RegExp(
    `^${parts.map((part, index) => (index % 2 === 0 ? literalPattern(part) : "([^/]+)")).join("")}`,
  );
}

function valuesOf(settings: ProjectionSettings, now: Date): ReadonlySet<string> {
  const type = settings.required("type").trim().toLowerCase();
  const known = SETTINGS[type];
  if (known === undefined) throw settings.refusal("type", `"${type}"`);
  for (const name of settings.names) {
    if (!known.includes(name)) throw settings.refusal(name, `of a column of type ${type}`);
  }
  if (type === "enum") return new Set(settings.required("values").split(","));
  return collect(settings, type === "integer" ? integers(settings) : projectedDates(settings, now));
}

function* integers(settings: ProjectionSettings): Generator<string> {
  const range = settings.required("range");
  const [, first = "", last = ""] = /^\s*(-?\d+)\s*,\s*(-?\d+)\s*$/.exec(range) ?? [];
  if (first === "") throw settings.refusal("range", `"${range}", where FIRST,LAST is allowed`);
  const interval = settings.count("interval", 1);
  const digits = settings.count("digits", 1);
  for (let value = Number(first); value <= Number(last); value += interval) {
    yield `${value < 0 ? "-" : ""}${String(Math.abs(value)).padStart(digits, "0")}`;
  }
}

function collect(settings: ProjectionSettings, values: Iterable<string>): Set<string> {
  const collected = new Set<string>();
  for (const value of values) {
    collected.add(value);
    if (collected.size > MAXIMUM_VALUES)
      throw settings.refusal("range", `of more than ${MAXIMUM_VALUES} values`);
  }
  return collected;
}
