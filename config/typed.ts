import { z } from "zod";
import { structureOf } from "./mask.ts";
import { childOf, variants } from "./schema-walk.ts";

type Schema = z.core.$ZodType;

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Config with the types that its schema has. Pulumi passes top-level values as text, and its CLI guesses a type below
 * them: `7` and `true` become a number and a boolean, `-22.9`, `007` and `{"a":1}` stay text. So numbers, booleans, maps
 * and lists are read from text, and texts from numbers and booleans. What does not fit stays as it is, for the schema to refuse.
 * https://www.pulumi.com/docs/iac/concepts/config/#structured-configuration
 */
export function typed(schema: Schema, value: unknown): unknown {
  return typedAsOneOf([schema], value);
}

function typedAsOneOf(schemas: readonly Schema[], value: unknown): unknown {
  const options = schemas.flatMap(variants);
  const scalar = typeof value === "string" ? fromText(options, value) : asText(options, value);
  if (typeof scalar !== "object" || scalar === null) return scalar;
  const child = (key: PropertyKey, inner: unknown) =>
    typedAsOneOf(
      options.flatMap((option) => childOf(option, key) ?? []),
      inner,
    );
  return Array.isArray(scalar)
    ? scalar.map((inner, index) => child(index, inner))
    : Object.fromEntries(Object.entries(scalar).map(([key, inner]) => [key, child(key, inner)]));
}

function fromText(options: readonly Schema[], text: string): unknown {
  const structure = structureOf(text);
  const takesStructure = takes(options, Array.isArray(structure) ? "list" : "map");
  if (structure !== undefined && takesStructure) return structure;
  if (takes(options, "string")) return text;
  if (takes(options, "number") && DECIMAL.test(text)) return Number(text);
  if (takes(options, "boolean") && (text === "true" || text === "false")) return text === "true";
  return text;
}

function asText(options: readonly Schema[], value: unknown): unknown {
  const isExact = typeof value === "boolean" || (typeof value === "number" && !isRounded(value));
  if (!isExact || takes(options, typeof value as "number" | "boolean") || !takes(options, "string")) {
    return value;
  }
  // YAML and the CLI take the + of a phone number for a sign, and drop it.
  const isPhone = typeof value === "number" && options.some((option) => option instanceof z.core.$ZodE164);
  return isPhone ? `+${value}` : String(value);
}

/** JSON numbers of more digits than a double holds. */
function isRounded(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

function takes(options: readonly Schema[], kind: Kind): boolean {
  return options.some((option) => kindsOf(option).includes(kind));
}

type Kind = "string" | "number" | "boolean" | "map" | "list";

function kindsOf(schema: Schema): readonly string[] {
  if (schema instanceof z.core.$ZodLiteral) return schema._zod.def.values.map((value) => typeof value);
  if (schema instanceof z.core.$ZodObject || schema instanceof z.core.$ZodRecord) return ["map"];
  if (schema instanceof z.core.$ZodArray) return ["list"];
  return schema instanceof z.core.$ZodEnum ? ["string"] : [schema._zod.def.type];
}
