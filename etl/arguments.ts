import { parseArgs } from "node:util";
import { UserError } from "../lib/user-error.ts";
import { isDay } from "./keys.ts";
import type { DayRange } from "./plan.ts";
import { TABLES } from "./tables.ts";

/** Arguments of the job, as `gold.py` takes them too. */
export interface JobArguments {
  readonly bucket: string;
  /** Names, in the order in which they are rebuilt. */
  readonly tables: readonly string[];
  /** Where `TABLE.sql` and `TABLE.json` are; ends in `/`. */
  readonly etlPrefix: string;
  /** Days asked for; absent: every stale day. */
  readonly asked?: DayRange;
  /** Say what is stale and why, write nothing. */
  readonly dryRun: boolean;
  /** Name of the Glue job. */
  readonly job: string;
  /** Glue's id of the run. */
  readonly run: string;
}

/** Thrown for an argument that is missing or not allowed; the message names it, its value and what is allowed. */
export class ArgumentError extends UserError {
  override readonly name = "ArgumentError";
}

const OPTION = { type: "string" } as const;

/** Reads `--bucket B --tables T,T [--etl_prefix P] [--from D] [--to D] [--dry_run true]`. Throws {@link ArgumentError}. */
export function parseArguments(argv: readonly string[]): JobArguments {
  const { values } = parseArgs({
    args: [...argv],
    // Glue adds its own arguments (--job-language, --TempDir, …).
    strict: false,
    options: {
      bucket: OPTION,
      tables: OPTION,
      etl_prefix: { ...OPTION, default: "etl/" },
      from: OPTION,
      to: OPTION,
      dry_run: { ...OPTION, default: "false" },
      JOB_NAME: { ...OPTION, default: "by-hand" },
      JOB_RUN_ID: { ...OPTION, default: "by-hand" },
    },
  });
  const asked = dayRange(optional("from"), optional("to"));
  return {
    bucket: required("bucket"),
    tables: tableNames(required("tables")),
    etlPrefix: required("etl_prefix"),
    ...(asked && { asked }),
    dryRun: isTrue(required("dry_run")),
    job: required("JOB_NAME"),
    run: required("JOB_RUN_ID"),
  };

  function optional(name: keyof typeof values): string | undefined {
    const value = values[name];
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw new ArgumentError(`--${name} has no value`);
    return value;
  }

  function required(name: keyof typeof values): string {
    const value = optional(name);
    if (value === undefined || value === "")
      throw new ArgumentError(`--${name} is missing: the Glue job must pass it`);
    return value;
  }
}

/** Days asked for; undefined when neither end is given. Throws {@link ArgumentError} unless they are days, in order. */
export function dayRange(from: string | undefined, to: string | undefined): DayRange | undefined {
  for (const [name, day] of Object.entries({ from, to })) {
    if (day !== undefined && !isDay(day))
      throw new ArgumentError(`--${name} is "${day}"; allowed: a day that exists, YYYY-MM-DD`);
  }
  if (from !== undefined && to !== undefined && from > to)
    throw new ArgumentError(`--from is "${from}"; allowed: a day not after --to, ${to}`);
  if (from === undefined && to === undefined) return undefined;
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function tableNames(text: string): string[] {
  const known = TABLES.map(({ name }) => name);
  const names = text.split(",");
  if (names.some((name) => !known.includes(name)))
    throw new ArgumentError(`--tables is "${text}"; allowed: ${known.join(", ")}, separated by commas`);
  return names;
}

function isTrue(text: string): boolean {
  if (text !== "true" && text !== "false")
    throw new ArgumentError(`--dry_run is "${text}"; allowed: true, false`);
  return text === "true";
}
