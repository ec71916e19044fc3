import type { ExaminedStack, GlueRun } from "../../../cli/doctor/examined-stack.ts";
import type { JobReport } from "../../../etl/report.ts";
import { INITIAL_STATE, serializeState } from "../../../handlers/weather/alerts/state.ts";
import { parse, portoAlegre } from "../../infra/stack-config.ts";

export const NOW = new Date("2024-05-08T10:00:00Z");

/** Config of one place that is polled every five minutes, well within its plan. */
export const config = parse({
  locations: { "porto-alegre": portoAlegre },
  apiKey: "key",
  opsEmail: "ops@example.org",
  source: { provider: "tomorrow.io", callsPerDay: 500 },
});

/** State of a place whose last observation was then. */
export function seen(time: string): string {
  return serializeState({ ...INITIAL_STATE, latest: { time, values: { temperature: 20 } } });
}

export const well: GlueRun = { state: "SUCCEEDED", startedAt: new Date("2024-05-08T00:30:00Z") };

const table = {
  stale: [],
  rebuilt: [],
  frozen: [],
  upToDate: 7,
  reasons: {},
  linesIn: 0,
  rowsOut: 0,
  duplicates: 0,
  rejected: 0,
  skipped: 0,
  skippedKeys: [],
  seconds: 0,
};

export function plan(observations: Partial<JobReport["tables"][string]> = {}): JobReport {
  return {
    run: "dry-run",
    engine: "duckdb",
    startedAt: NOW.toISOString(),
    seconds: 0,
    dryRun: true,
    from: null,
    to: null,
    tables: { observations: { ...table, ...observations } },
  };
}

export const healthyObjects = {
  "state/alerts/porto-alegre.json": seen("2024-05-08T09:55:00Z"),
  "gold/observations/day=2024-05-06/observations.parquet": "",
  "gold/observations/day=2024-05-07/observations.parquet": "",
};

/** A stack that is well, but for what is given. */
export function stack(
  symptoms: Partial<ExaminedStack> = {},
  objects: Readonly<Record<string, string>> = healthyObjects,
): ExaminedStack {
  return {
    stack: "dev",
    commandOptions: " --stack dev",
    config,
    now: NOW,
    objects: {
      list: async (prefix) => Object.keys(objects).filter((key) => key.startsWith(prefix)),
      read: async (key) => objects[key],
    },
    subscriptions: async () => ({ channels: [], strays: [] }),
    opsMail: async () => "confirmed",
    smsAccount: async () => ({
      region: "eu-central-1",
      isInSandbox: { value: false },
      attributes: { value: { MonthlySpendLimit: "20" } },
    }),
    lastCrawl: async () => well,
    lastJobRun: async () => well,
    iteratorAge: async () => 1.2,
    traffic: async () => ({ sent: 36, invocations: 36 }),
    mapping: async () => ({ state: "Enabled", lastResult: "OK" }),
    flaggedValues: async () => ({ erroneous: 0, doubtful: 0 }),
    callsLeft: async () => ({ calls: 380, at: new Date("2024-05-08T09:55:00Z") }),
    planEtl: async () => plan(),
    alarms: async () => [{ name: "alert-errors", state: "OK", description: "" }],
    apiKey: async () => ({ parameter: "/stormwire/dev/api-key", isThere: true }),
    ...symptoms,
  };
}
