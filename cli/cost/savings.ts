import { LIMITS, OWN_LIMITS } from "../../config/limits.ts";
import { parseScheduleExpression } from "../../lib/schedule-expression.ts";
import { PRODUCER } from "./deployment.ts";
import { type MonthOf, runsOf } from "./events.ts";
import { billOfMonth } from "./model.ts";
import { dollars } from "./numbers.ts";

/** One setting changed and nothing else. */
export interface Saving {
  readonly name: string;
  /** What to change, in config where config has it. */
  readonly setting: string;
  /** US dollars a month less; negative: it costs more. */
  readonly savingUsd: number;
}

interface Change {
  readonly name: string;
  readonly setting: string;
  readonly month: MonthOf;
}

/** What each change of one setting would save, the most first; those without effect are left out. */
export function savingsOf(month: MonthOf, options: { readonly freeTier: boolean }): Saving[] {
  const total = (one: MonthOf) => billOfMonth(one, options).afterFreeUsd;
  const now = total(month);
  return changesOf(month)
    .map(({ name, setting, month: changed }) => ({ name, setting, savingUsd: now - total(changed) }))
    .filter(({ savingUsd }) => dollars(savingUsd) !== "$0.00" && Math.abs(savingUsd) >= LEAST_USD)
    .sort((a, b) => b.savingUsd - a.savingUsd);
}

/** A saving of less than a cent is not listed. */
const LEAST_USD = 0.01;

const EVERY_DAY = "cron(30 0 * * ? *)";
const ON_SUNDAYS = "cron(30 0 ? * SUN *)";
const ON_OTHER_DAYS = "cron(30 0 ? * MON-SAT *)";
const RUNS_OF_A_WEEKLY = 5;
const LONGEST_WINDOW_SECONDS = LIMITS.batchWindow.maximum;
const SHORTEST_RAW_DAYS = OWN_LIMITS.rawRetention.minimum;

function changesOf(month: MonthOf): Change[] {
  return [
    ...pollSlower(month),
    ...etlSchedules(month),
    ...streamChanges(month),
    ...archiveWindow(month),
    ...rawRetention(month),
    ...withoutOwnKey(month),
    ...alarms(month),
    ...metrics(month),
  ];
}

/** Minutes of polls from often to seldom. */
const POLL_MINUTES: readonly number[] = [1, 5, 15, 60];

function pollSlower(month: MonthOf): Change[] {
  const expression = month.deployment.timers.find(
    ({ function: invoked }) => invoked === PRODUCER,
  )?.expression;
  if (expression === undefined) return [];
  const parsed = parseScheduleExpression(expression);
  if (parsed.kind !== "rate") return [];
  const minutes = parsed.intervalMillis / 60_000;
  const slower = POLL_MINUTES.find((candidate) => candidate > minutes);
  if (slower === undefined) return [];
  const text = slower === 60 ? "rate(1 hour)" : `rate(${slower} minutes)`;
  return [
    {
      name: `poll every ${slower} minutes instead of ${minutes}`,
      setting: `stormwire:poll ${text}`,
      month: withPoll(month, text),
    },
  ];
}

/** The poll's timers at another pace: the watch over the stations goes with it. */
export function withPoll(month: MonthOf, expression: string): MonthOf {
  const { timers } = month.deployment;
  const poll = timers.find((timer) => timer.function === PRODUCER)?.expression;
  return withDeployment(month, {
    timers: timers.map((timer) =>
      timer.kind === "rule" && timer.expression === poll ? { ...timer, expression } : timer,
    ),
  });
}

/** Of the workflow, and of the job besides. */
function etlSchedules(month: MonthOf): Change[] {
  const { crawlers, jobs } = month.deployment;
  if (crawlers.length === 0) return [];
  const change = (name: string, setting: string, crawls: string, ...jobsBesides: string[]): Change => {
    const deployment = {
      crawlers: crawlers.map((crawler) => ({ ...crawler, schedules: [crawls] })),
      jobs: jobs.map((job) => ({ ...job, schedules: [crawls, ...jobsBesides] })),
    };
    return { name, setting, month: withDeployment(month, deployment) };
  };
  const isDaily = crawlers.some((crawler) => runsOf(crawler) > RUNS_OF_A_WEEKLY);
  const rebuildsBesides = jobs.some((job) => runsOf(job) > RUNS_OF_A_WEEKLY);
  const schedule = "stormwire:lake.schedule";
  return isDaily
    ? [
        change(
          "crawl once a week, rebuild gold every day",
          `${schedule} ${ON_SUNDAYS}, .jobSchedule ${ON_OTHER_DAYS}`,
          ON_SUNDAYS,
          ON_OTHER_DAYS,
        ),
      ]
    : [
        ...(rebuildsBesides
          ? [change("rebuild gold once a week", "no stormwire:lake.jobSchedule", ON_SUNDAYS)]
          : []),
        change("crawl every day", `${schedule} ${EVERY_DAY}, no .jobSchedule`, EVERY_DAY),
      ];
}

function streamChanges(month: MonthOf): Change[] {
  const { streams } = month.deployment;
  const change = (name: string, setting: string, part: Partial<(typeof streams)[number]>): Change => ({
    name,
    setting,
    month: withDeployment(month, { streams: streams.map((stream) => ({ ...stream, ...part })) }),
  });
  return streams.slice(0, 1).flatMap(({ mode, shards, retentionHours }): Change[] => [
    ...(mode === "on-demand"
      ? [
          change("one provisioned shard", "stormwire:stream.mode provisioned", {
            mode: "provisioned",
            shards: 1,
          }),
        ]
      : [
          change("an on-demand stream", "stormwire:stream.mode on-demand", {
            mode: "on-demand",
            shards: 4,
          }),
        ]),
    ...(mode === "provisioned" && shards > 1
      ? [change("one shard less", `stormwire:stream.shards ${shards - 1}`, { shards: shards - 1 })]
      : []),
    ...(retentionHours > 24
      ? [change("keep the stream for 24 h", "stormwire:stream.retentionHours 24", { retentionHours: 24 })]
      : []),
  ]);
}

function archiveWindow(month: MonthOf): Change[] {
  const { mappings } = month.deployment;
  return [
    {
      name: `archive batches of ${LONGEST_WINDOW_SECONDS} s`,
      setting: `stormwire:archive.windowSeconds ${LONGEST_WINDOW_SECONDS}`,
      month: withDeployment(month, {
        mappings: mappings.map((mapping) =>
          mapping.windowSeconds > 0 ? { ...mapping, windowSeconds: LONGEST_WINDOW_SECONDS } : mapping,
        ),
      }),
    },
  ];
}

function rawRetention(month: MonthOf): Change[] {
  const { retentionDays } = month.deployment;
  return [
    {
      name: `keep raw objects for ${SHORTEST_RAW_DAYS} days`,
      setting: `stormwire:lake.rawRetentionDays ${SHORTEST_RAW_DAYS}`,
      month: withDeployment(month, { retentionDays: { ...retentionDays, "raw/": SHORTEST_RAW_DAYS } }),
    },
  ];
}

function withoutOwnKey(month: MonthOf): Change[] {
  return [
    {
      name: "stream and topics under AWS's own keys",
      setting:
        "infra/stream.ts: roles could not be granted them one by one, and no alarm or rule could publish",
      month: withDeployment(month, { keys: [] }),
    },
  ];
}

function alarms(month: MonthOf): Change[] {
  return [{ name: "no alarms", setting: "infra/operations.ts", month: withDeployment(month, { alarms: 0 }) }];
}

function metrics(month: MonthOf): Change[] {
  const { workload } = month;
  const assumptions = { ...workload.assumptions, customMetrics: 0 };
  return [
    {
      name: "no custom metrics",
      setting: "the functions' metrics",
      month: { ...month, workload: { ...workload, assumptions } },
    },
  ];
}

function withDeployment(month: MonthOf, part: Partial<MonthOf["deployment"]>): MonthOf {
  return { ...month, deployment: { ...month.deployment, ...part } };
}
