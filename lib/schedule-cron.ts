/** What one field of an AWS cron expression may hold. */
interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** Words beyond values, ranges, `*` and steps. */
  readonly special?: RegExp;
  readonly allowed: string;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Fields, ranges and wildcards: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
const FIELDS: readonly CronField[] = [
  { name: "minutes", min: 0, max: 59, allowed: "0-59 , - * /" },
  { name: "hours", min: 0, max: 23, allowed: "0-23 , - * /" },
  { name: "day-of-month", min: 1, max: 31, special: /^(L|LW|\d+W)$/, allowed: "1-31 , - * ? / L W" },
  { name: "month", min: 1, max: 12, names: MONTHS, allowed: "1-12 or JAN-DEC , - * /" },
  {
    name: "day-of-week",
    min: 1,
    max: 7,
    names: WEEKDAYS,
    special: /^(L|\w+L|\w+#[1-5])$/,
    allowed: "1-7 (1 is SUN) or SUN-SAT , - * ? / L #",
  },
  { name: "year", min: 1970, max: 2199, allowed: "1970-2199 , - * /" },
];

const DAY_OF_MONTH = 2;
const DAY_OF_WEEK = 4;
const UNIX_FIELDS = 5;

/** Thrown by {@link toCronPattern}; the caller adds the expression. */
export class CronFieldError extends Error {
  override readonly name = "CronFieldError";
  /** The six fields that were probably meant, where that can be said. */
  readonly suggestion: string | undefined;

  constructor(problem: string, suggestion?: string) {
    super(problem);
    this.suggestion = suggestion;
  }
}

/**
 * Checks the six fields of an AWS cron expression and rewrites them as a seven-field pattern (seconds first) of croner
 * in Quartz weekdays (1 is Sunday).
 *
 * @throws CronFieldError naming the field, its value and what is allowed.
 */
export function toCronPattern(text: string): string {
  const values = text.trim().toUpperCase().split(/\s+/);
  if (values.length !== FIELDS.length)
    throw new CronFieldError(
      `has ${values.length} fields; allowed are six: ${FIELDS.map(({ name }) => name).join(" ")}`,
      values.length === UNIX_FIELDS ? fromUnix(values) : undefined,
    );
  const questions = [DAY_OF_MONTH, DAY_OF_WEEK].filter((index) => values[index] === "?").length;
  if (questions !== 1)
    throw new CronFieldError(
      `has day-of-month ${values[DAY_OF_MONTH]} and day-of-week ${values[DAY_OF_WEEK]}; exactly one of them must be ?`,
      withOneQuestion(values),
    );
  return ["0", ...FIELDS.map((field, index) => fieldPattern(field, values[index] ?? ""))].join(" ");
}

/** The fields with `?` for the one of the two days that says nothing; undefined when both say something. */
function withOneQuestion(values: readonly string[]): string | undefined {
  const saysNothing = (index: number) => values[index] === "*" || values[index] === "?";
  if (!saysNothing(DAY_OF_MONTH) && !saysNothing(DAY_OF_WEEK)) return undefined;
  const question = saysNothing(DAY_OF_WEEK) ? DAY_OF_WEEK : DAY_OF_MONTH;
  const other = question === DAY_OF_WEEK ? DAY_OF_MONTH : DAY_OF_WEEK;
  return values
    .map((value, index) => (index === question ? "?" : index === other && value === "?" ? "*" : value))
    .join(" ");
}

/** A Unix cron expression has no year, and counts weekdays from 0 or 7, which are Sunday. */
function fromUnix(values: readonly string[]): string | undefined {
  const day = values[DAY_OF_WEEK] ?? "";
  const named = /[/#L]/.test(day) ? day : day.replace(/\d/g, (digit) => WEEKDAYS[Number(digit) % 7] ?? digit);
  const suggestion = withOneQuestion([...values.slice(0, DAY_OF_WEEK), named, "*"]);
  return suggestion !== undefined && isCron(suggestion) ? suggestion : undefined;
}

function isCron(text: string): boolean {
  try {
    return toCronPattern(text) !== "";
  } catch (error) {
    if (error instanceof CronFieldError) return false;
    throw error;
  }
}

function fieldPattern(field: CronField, value: string): string {
  if (value === "?" && field.allowed.includes("?")) return "*";
  return value
    .split(",")
    .map((item) => itemPattern(field, item))
    .join(",");
}

function itemPattern(field: CronField, item: string): string {
  if (field.special?.test(item)) return specialPattern(field, item);
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
  if (!match) throw refusal(field, item);
  const [, star, from, to, step] = match;
  if (step !== undefined && Number(step) < 1) throw refusal(field, item);
  if (star !== undefined) return step === undefined ? "*" : `${field.min}-${field.max}/${step}`;
  const low = fieldValue(field, from ?? "", item);
  const high = to === undefined ? undefined : fieldValue(field, to, item);
  if (high !== undefined && high < low) throw refusal(field, item);
  if (step !== undefined) return `${low}-${high ?? field.max}/${step}`;
  return high === undefined ? `${low}` : `${low}-${high}`;
}

function specialPattern(field: CronField, item: string): string {
  // "L" alone is the last day of the field: of the month, or of the week, which ends on Saturday.
  if (item === "L") return field.max === 7 ? "7" : "L";
  if (item === "LW") return item;
  const [, value = "", suffix = ""] = /^(\w+?)(W|L|#\d)$/.exec(item) ?? [];
  return `${fieldValue(field, value, item)}${suffix}`;
}

function fieldValue(field: CronField, text: string, item: string): number {
  const named = field.names?.indexOf(text) ?? -1;
  const value = named >= 0 ? named + field.min : Number(text);
  if (!Number.isInteger(value) || value < field.min || value > field.max) throw refusal(field, item);
  return value;
}

function refusal(field: CronField, item: string): CronFieldError {
  return new CronFieldError(`has ${item} as ${field.name}; allowed is ${field.allowed}`);
}
