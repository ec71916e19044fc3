import { max } from "date-fns/max";
import type { StormwireConfig } from "../../config/schema.ts";
import type { TableReport } from "../../etl/report.ts";
import { counted } from "../../lib/counted.ts";
import { nextRun, parseScheduleExpression } from "../../lib/schedule-expression.ts";
import { DISCARDED } from "../failed/discarded-event.ts";
import { REJECTED, reasonOf } from "../failed/rejected-record.ts";
import { utc } from "../start/text.ts";
import type { ExaminedStack, GlueRun } from "./examined-stack.ts";
import type { Check, Finding } from "./finding.ts";

/** Whether what came is kept, and becomes gold. */
export const LAKE: readonly Check[] = [
  { name: "given up", look: givenUp },
  { name: "quarantine", look: quarantine },
  { name: "crawler raw", look: (stack) => crawler(stack, "raw") },
  { name: "job", look: job },
  { name: "crawler gold", look: (stack) => crawler(stack, "gold") },
  { name: "days", look: days },
];

async function givenUp(stack: ExaminedStack): Promise<Finding[]> {
  const keys = await stack.objects.list(DISCARDED);
  const letters = keys.filter((key) => key.startsWith(`${DISCARDED}async/`)).length;
  const batches = keys.length - letters;
  const check = "given up";
  if (keys.length === 0) return [{ check, state: "ok", found: "nothing" }];
  const found = `${counted(batches, "batch", "batches")} of the stream, ${counted(letters, "other event")}`;
  const todo = `npx stormwire failed${stack.commandOptions} lists them, --retry gives them to their functions again; docs/operations.md`;
  return [{ check, state: "fail", found, todo }];
}

async function quarantine(stack: ExaminedStack): Promise<Finding[]> {
  const keys = await stack.objects.list(REJECTED);
  const check = "quarantine";
  if (keys.length === 0) return [{ check, state: "ok", found: "nothing" }];
  const reasons = [...Map.groupBy(keys, reasonOf)].map(([reason, some]) => `${some.length} ${reason}`);
  const todo = `npx stormwire failed${stack.commandOptions} lists them; docs/lake.md`;
  return [{ check, state: "warn", found: `${counted(keys.length, "record")}: ${reasons.join(", ")}`, todo }];
}

async function crawler(stack: ExaminedStack, name: "raw" | "gold"): Promise<Finding[]> {
  const todo = "the log group /aws-glue/crawlers says more; the next run of the workflow tries again";
  return [glueFinding(`crawler ${name}`, await stack.lastCrawl(name), todo)];
}

async function job(stack: ExaminedStack): Promise<Finding[]> {
  const todo = `npx stormwire etl${stack.commandOptions} runs it again; docs/etl.md`;
  return [glueFinding("job", await stack.lastJobRun(), todo)];
}

/** Anything that is neither under way nor well ended: https://docs.aws.amazon.com/glue/latest/webapi/API_JobRun.html */
const BAD = ["FAILED", "TIMEOUT", "ERROR", "EXPIRED"];
/** Somebody's doing. */
const STOPPED = ["STOPPED", "STOPPING", "CANCELLED"];

function glueFinding(check: string, run: GlueRun | undefined, todo: string): Finding {
  if (run === undefined) return { check, state: "unknown", found: "it has not run yet" };
  const { state, startedAt, error } = run;
  const when = startedAt === undefined ? "" : `, begun ${utc(startedAt)}`;
  const found = `${state}${when}${error ? `: ${error.replaceAll(/\s+/g, " ")}` : ""}`;
  if (BAD.includes(state)) return { check, state: "fail", found, todo };
  return STOPPED.includes(state) ? { check, state: "warn", found, todo } : { check, state: "ok", found };
}

async function days(stack: ExaminedStack): Promise<Finding[]> {
  const { tables } = await stack.planEtl();
  const gold = await stack.objects.list("gold/");
  // Of a run that is over nothing more will be rebuilt by itself.
  const before = stack.now && lastRun(stack.config.lake, stack.now)?.toISOString().slice(0, 10);
  return Object.entries(tables).flatMap(([table, report]) => [
    daysOf(stack, table, report, gold, before),
    ...skippedOf(stack, table, report),
  ]);
}

/** Objects that no run adds to gold until someone replaces or removes them. */
function skippedOf({ commandOptions }: ExaminedStack, table: string, { skipped }: TableReport): Finding[] {
  if (skipped === 0) return [];
  const todo = `npx stormwire etl${commandOptions} names them; docs/etl.md#skipped-objects`;
  return [{ check: `skipped ${table}`, state: "warn", found: counted(skipped, "object"), todo }];
}

/** @param before day (UTC) of the last scheduled run, which had all days before it to rebuild; undefined: every day */
function daysOf(
  stack: ExaminedStack,
  table: string,
  { stale, frozen, upToDate }: TableReport,
  gold: readonly string[],
  before: string | undefined,
): Finding {
  const check = `days ${table}`;
  const newest =
    gold
      .flatMap((key) => dayOf(key, table) ?? [])
      .sort()
      .at(-1) ?? "none";
  const frozenText = frozen.length === 0 ? "" : `, ${frozen.length} frozen`;
  const found = `newest in gold ${newest}; ${upToDate} up to date${frozenText}`;
  const overdue = stale.filter((day) => before === undefined || day < before).sort();
  const waiting = stale.length - overdue.length;
  const rest = waiting === 0 ? found : `${found}, ${waiting} wait for the next run`;
  if (overdue.length === 0) return { check, state: "ok", found: rest };
  const todo = `npx stormwire etl${stack.commandOptions} brings them up to date, with --dry-run it says why; docs/etl.md`;
  return { check, state: "warn", found: `${rest}, ${overdue.length} stale: ${shortened(overdue)}`, todo };
}

function dayOf(key: string, table: string): string | undefined {
  return new RegExp(`^gold/${table}/day=(\\d{4}-\\d\\d-\\d\\d)/`).exec(key)?.[1];
}

function shortened(days: readonly string[]): string {
  return days.length <= 3 ? days.join(", ") : `${days[0]} … ${days.at(-1)}`;
}

/** A run takes minutes, and a day is not overdue while it is under way. */
const RUN_MILLIS = 2 * 3_600_000;
/** No schedule of the ETL is rarer. */
const LONGEST_PERIOD_MILLIS = 40 * 86_400_000;

/** When the job came due last, alone or in the workflow, and has had the time to end; undefined: not in 40 days. */
export function lastRun(
  { schedule, jobSchedule }: Pick<StormwireConfig["lake"], "schedule" | "jobSchedule">,
  now: Date,
): Date | undefined {
  const schedules = jobSchedule === undefined ? [schedule] : [schedule, jobSchedule];
  const runs = schedules.flatMap((one) => lastRunOf(one, now) ?? []);
  return runs.length === 0 ? undefined : max(runs);
}

function lastRunOf(schedule: string, now: Date): Date | undefined {
  const expression = parseScheduleExpression(schedule);
  const end = now.getTime() - RUN_MILLIS;
  let last: Date | undefined;
  let run = nextRun(expression, new Date(end - LONGEST_PERIOD_MILLIS));
  while (run !== undefined && run.getTime() <= end) {
    last = run;
    run = nextRun(expression, run);
  }
  return last;
}
