import { formatDistanceStrict } from "date-fns/formatDistanceStrict";
import { callBudget, callsOf, fewCallsLeft, quotaWarning, silenceRule } from "../../config/polling.ts";
import { STATIONS_KEY } from "../../handlers/clients/stations-store.ts";
import { type AlertState, parseState } from "../../handlers/weather/alerts/state.ts";
import { stationsStateSchema } from "../../handlers/weather/alerts/stations.ts";
import { counted } from "../../lib/counted.ts";
import { utc } from "../start/text.ts";
import { consumerChecks } from "./consumers.ts";
import { type Alarm, CONSUMERS, type ExaminedStack } from "./examined-stack.ts";
import type { Check, Finding } from "./finding.ts";
import { within } from "./within.ts";

/** Whether observations come, and come through. */
export const PIPELINE: readonly Check[] = [
  { name: "api key", look: apiKey },
  { name: "quota", look: quota },
  { name: "calls left", look: callsLeft },
  { name: "observations", look: observations },
  { name: "measures", look: measures },
  { name: "data quality", look: dataQuality },
  ...CONSUMERS.flatMap((consumer) => consumerChecks(consumer)),
  { name: "alarms", look: alarms },
];

async function apiKey(stack: ExaminedStack): Promise<Finding[]> {
  const check = "api key";
  const { provider } = stack.config.source;
  if (provider !== "tomorrow.io") return [{ check, state: "ok", found: `${provider} takes none` }];
  const { parameter, isThere } = await stack.apiKey();
  if (isThere) return [{ check, state: "ok", found: `${parameter} is there; its value was not read` }];
  const todo = `pulumi up --refresh --stack ${stack.stack} makes it again`;
  return [{ check, state: "fail", found: `${parameter} is gone: no poll succeeds`, todo }];
}

async function quota({ config }: ExaminedStack): Promise<Finding[]> {
  const check = "quota";
  const warning = quotaWarning(config);
  if (warning !== undefined) return [{ check, state: "warn", found: warning }];
  const { aDay, anHour } = callsOf(config, Object.keys(config.locations).length);
  const { callsPerDay, callsPerHour } = config.source;
  const hourly = callsPerHour === undefined ? "" : `, ${anHour} of ${callsPerHour} an hour`;
  return [{ check, state: "ok", found: `${aDay} of ${callsPerDay} calls a day${hourly}` }];
}

/** As the alarm has it. */
async function callsLeft(stack: ExaminedStack): Promise<Finding[]> {
  const check = "calls left";
  const { config } = stack;
  const left = await stack.callsLeft();
  if (left === undefined) {
    return [{ check, state: "unknown", found: `the weather API was not polled ${within(stack)}` }];
  }
  const few = fewCallsLeft(callBudget(config, Object.keys(config.locations).length));
  const found = `${left.calls} of ${config.source.callsPerDay} at ${utc(left.at)}`;
  if (left.calls >= few) return [{ check, state: "ok", found }];
  const todo = "more calls go out than were planned; docs/runbook.md#quota";
  return [{ check, state: left.calls > 0 ? "warn" : "fail", found: `${found}; ${few} would do`, todo }];
}

async function observations(stack: ExaminedStack): Promise<Finding[]> {
  const { config } = stack;
  const { silentAfterSeconds } = silenceRule(config.poll, config.stations.silentAfterPolls);
  const silent = await silentStations(stack);
  const places = await Promise.all(
    Object.keys(config.locations).map(async (id) => ({ id, last: await lastObservation(stack, id) })),
  );
  const newest = places.flatMap(({ last }) => last ?? []).reduce(later, new Date(0));
  const from = stack.now ?? newest;
  return places.map(({ id, last }): Finding => {
    const check = `observations ${id}`;
    const todo = `the log of the function produce says why; docs/runbook.md#silent-stations`;
    if (last === undefined) return { check, state: "warn", found: "none so far", todo };
    const found = `last ${utc(last)}, ${ageOf(last, stack.now, newest)}`;
    const since = silent.get(id);
    if (since !== undefined) {
      return { check, state: "fail", found: `${found}; silent since ${utc(new Date(since))}`, todo };
    }
    const isOld = from.getTime() - last.getTime() > silentAfterSeconds * 1000;
    const allowed = formatDistanceStrict(0, silentAfterSeconds * 1000);
    return isOld
      ? { check, state: "fail", found: `${found}, of ${allowed} allowed by ${config.poll}`, todo }
      : { check, state: "ok", found };
  });
}

/** Hazards that are not watched at each location, with the measures that have no good value. */
async function measures({ config, objects }: ExaminedStack): Promise<Finding[]> {
  return await Promise.all(
    Object.keys(config.locations).map(async (id): Promise<Finding> => {
      const check = `measures ${id}`;
      const state = await readAlertState(objects, id);
      if (state === undefined) return { check, state: "unknown", found: "no observation so far" };
      const missing = Object.entries(state.unwatched).flatMap(([metric, { since, until }]) =>
        until === undefined
          ? [`${metric} (${since === null ? "never" : `last ${utc(new Date(since * 1000))}`})`]
          : [],
      );
      if (missing.length === 0) return { check, state: "ok", found: "each has a good value" };
      const todo = "its alerts neither start nor end meanwhile; docs/runbook.md#unwatched-measures";
      return { check, state: "fail", found: `no good value of ${missing.join(", ")}`, todo };
    }),
  );
}

async function dataQuality(stack: ExaminedStack): Promise<Finding[]> {
  const check = "data quality";
  const { erroneous, doubtful } = await stack.flaggedValues();
  if (erroneous + doubtful === 0) {
    return [{ check, state: "ok", found: `no value was flagged ${within(stack)}` }];
  }
  const found = `${counted(erroneous, "erroneous value")}, ${counted(doubtful, "doubtful value")} ${within(stack)}`;
  const todo = `npx stormwire query flagged_values${stack.commandOptions} lists them; docs/data-quality.md`;
  return [{ check, state: "warn", found, todo }];
}

function ageOf(last: Date, now: Date | undefined, newest: Date): string {
  if (now !== undefined) return `${formatDistanceStrict(last, now)} ago`;
  return last >= newest ? "the newest of the run" : `${formatDistanceStrict(last, newest)} before the newest`;
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

/** Time of the last observation with any figure. */
async function lastObservation({ objects }: ExaminedStack, id: string): Promise<Date | undefined> {
  const time = (await readAlertState(objects, id))?.latest?.time;
  return time === undefined ? undefined : new Date(time);
}

async function readAlertState(
  objects: ExaminedStack["objects"],
  id: string,
): Promise<AlertState | undefined> {
  const text = await objects.read(`state/alerts/${id}.json`);
  return text === undefined ? undefined : parseState(text);
}

/** By place, since when the watch has known it to be silent. */
async function silentStations({ objects }: ExaminedStack): Promise<ReadonlyMap<string, string>> {
  const text = await objects.read(STATIONS_KEY);
  if (text === undefined) return new Map();
  const { stations } = stationsStateSchema.parse(JSON.parse(text));
  return new Map(
    Object.entries(stations).flatMap(([id, { silentSince }]) =>
      silentSince === undefined ? [] : [[id, silentSince] as const],
    ),
  );
}

async function alarms(stack: ExaminedStack): Promise<Finding[]> {
  const all = await stack.alarms();
  const ringing = all.filter(({ state }) => state === "ALARM");
  const gone = all.filter(({ state }) => state === undefined);
  if (ringing.length + gone.length === 0) {
    return [
      {
        check: "alarms",
        state: "ok",
        found: all.length === 0 ? "the stack has none" : `none of ${all.length} rings`,
      },
    ];
  }
  const todo = `pulumi up --refresh --stack ${stack.stack} makes it again`;
  return [
    ...ringing.map(
      (alarm): Finding => ({
        check: `alarm ${alarm.name}`,
        state: "fail",
        found: alarm.description === "" ? "rings" : `rings: ${alarm.description.split("\n")[0]}`,
        todo: runbookOf(alarm),
      }),
    ),
    ...gone.map(({ name }): Finding => ({ check: `alarm ${name}`, state: "warn", found: "is gone", todo })),
  ];
}

/** An alarm's description names its section; one that does not is found by its name. */
function runbookOf({ name, description }: Alarm): string {
  return /Runbook: (\S+#[\w-]+)/.exec(description)?.[1] ?? `docs/runbook.md#${name}`;
}
