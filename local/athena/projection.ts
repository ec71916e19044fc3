import { NotEmulatedError } from "../endpoint/error.ts";
import type { CatalogTable } from "../glue/catalog.ts";
import { literalPattern, ProjectionSettings, projectedDates } from "./projected-dates.ts";

/** The partitions of a table that Athena computes instead of reading them from the catalog. */
interface Projection {
  /** Folder that contains all partitions, `s3://BUCKET/PREFIX/`. */
  readonly location: string;
  /** Whether a file, `s3://BUCKET/KEY`, is in the folder of a projected partition. */
  has(file: string): boolean;
}

/**
 * The partition projection of a table at `now`; undefined when it is not enabled. Only keys of type date are emulated.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 * Throws NotEmulatedError naming the table and the property that is missing or not emulated.
 */
export function projectionOf(table: CatalogTable, now: Date): Projection | undefined {
  const { Parameters, PartitionKeys } = table;
  if (Parameters["projection.enabled"]?.trim().toLowerCase() !== "true") return undefined;
  const keys = PartitionKeys.map(({ Name }) => Name);
  const settings = settingsByKey(table, keys);
  const template = templateOf(table, keys);
  const values = keys.map((key) =>
    projectedDates(new ProjectionSettings(table.Name, key, settings.get(key)), now),
  );
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
      throw new NotEmulatedError(`table ${Name}, whose property ${property} does not name a partition key,`);
    settings.get(key)?.set(property.slice(`projection.${key}.`.length), value);
  }
  return settings;
}

/** The location template of a partition. DuckDB reads the values from folders `KEY=VALUE`, so the template must have them. */
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
      `table ${Name}, whose storage.location.template "${template}" does not consist of folders KEY=\${KEY}, one for each partition key,`,
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
