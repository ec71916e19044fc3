import { z } from "zod";

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** The schemas that may hold for what lies at a path: several where it leads through a union. */
export function schemasAt(schema: Schema, path: readonly PropertyKey[]): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (schemas, part) => schemas.flatMap(variants).flatMap((variant) => childOf(variant, part) ?? []),
    [schema],
  );
}

/** The keys that an object at a path may have, in the order of its schema. */
export function keysAt(schema: Schema, path: readonly PropertyKey[]): readonly string[] {
  const objects = schemasAt(schema, path)
    .flatMap(variants)
    .filter((variant) => variant instanceof z.core.$ZodObject);
  return [...new Set(objects.flatMap((object) => Object.keys(object._zod.def.shape)))];
}

/** The schema below a wrapper: optional, default, prefault; what a preprocess step feeds, or what feeds a transform. */
export function inner(schema: Schema): Schema | undefined {
  if (
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault
  ) {
    return schema._zod.def.innerType;
  }
  if (schema instanceof z.core.$ZodPipe) {
    const { in: source, out } = schema._zod.def;
    return out instanceof z.core.$ZodTransform ? source : out;
  }
  return undefined;
}

/** What the first schema that is described says of itself: what is allowed, in words, and an example. */
export function metaOf(schemas: readonly Schema[]): z.core.GlobalMeta | undefined {
  for (const schema of schemas) {
    for (let current: Schema | undefined = schema; current !== undefined; current = inner(current)) {
      const meta = z.globalRegistry.get(current);
      if (meta?.allowed !== undefined) return meta;
    }
  }
  return undefined;
}

/** Without its wrappers; of a union, every option. */
export function variants(schema: Schema): readonly Schema[] {
  const below = inner(schema);
  if (below !== undefined) {
    return variants(below);
  }
  return schema instanceof z.core.$ZodUnion ? schema._zod.def.options.flatMap(variants) : [schema];
}

/** The schema of one key or item. */
export function childOf(schema: Schema, part: PropertyKey): Schema | undefined {
  if (schema instanceof z.core.$ZodObject) {
    return schema._zod.def.shape[String(part)];
  }
  if (schema instanceof z.core.$ZodRecord) {
    return schema._zod.def.valueType;
  }
  return schema instanceof z.core.$ZodArray ? schema._zod.def.element : undefined;
}

/**
 * A union's issue as those of the option that was meant: zod says of a rule with one key misspelt only that it is
 * neither this nor that. Other issues, and a union of which nothing fits, stay as they are.
 */
export function fittingIssues(issue: Issue): readonly Issue[] {
  if (issue.code !== "invalid_union") {
    return [issue];
  }
  const options = issue.errors
    .map((issues) => ({ issues, misfit: misfitOf(issues) }))
    .filter(({ misfit }) => Number.isFinite(misfit))
    .sort((a, b) => a.misfit - b.misfit || a.issues.length - b.issues.length);
  const [best] = options;
  return best === undefined
    ? [issue]
    : best.issues.flatMap((nested) => fittingIssues({ ...nested, path: [...issue.path, ...nested.path] }));
}

/** How much of the value itself is too much, missing or wrong; what lies deeper says nothing of the option. */
function misfitOf(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + misfitOfIssue(issue), 0);
}

function misfitOfIssue(issue: Issue): number {
  if (issue.path.length > 0) {
    return issue.path.length === 1 ? 1 : 0;
  }
  if (issue.code === "unrecognized_keys") {
    return 2 * issue.keys.length;
  }
  return issue.code === "invalid_type" ? Number.POSITIVE_INFINITY : 2;
}
