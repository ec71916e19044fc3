import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BASE_URLS } from "../../config/polling.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import type { Transition } from "../../handlers/weather/alerts/transition.ts";
import { UserError } from "../../lib/user-error.ts";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { type Cloud, startCloud } from "../../local/cloud.ts";
import { coverageOf } from "../../local/coverage.ts";
import type { Graph } from "../../local/graph.ts";
import { cannotWrite, takeOutputDirectory, WriteFaultError, writing } from "../../local/output-directory.ts";
import type { Problem } from "../../local/problems.ts";
import { loadProgram } from "../../local/program/load.ts";
import { readSavedQueries } from "../../queries/saved-queries.ts";
import { startWeatherApi } from "../../replay/weather-api.ts";
import { countArchive } from "./archive-counts.ts";
import { DEFAULT_REPLAY, type Feed, readFeed, scheduleRecords } from "./feed.ts";
import { observe } from "./observer.ts";
import type { StartOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { REPLAY_API_KEY, readStack } from "./read-stack.ts";
import { startRelay } from "./relay.ts";
import { requireWritable, runClock } from "./run-clock.ts";
import { type ShownQuery, showQueries } from "./shown-queries.ts";
import { lostRecords, type Summary, summarize, writeSummary } from "./summary.ts";
import { observationLine, shown, utc } from "./text.ts";
import { openWebhookInbox, WEBHOOK_INBOX } from "./webhook-inbox.ts";

/** How a run ended. */
export interface Outcome {
  readonly summary: Summary;
  /** The summary's, with the measure that each was decided by. */
  readonly alerts: readonly Transition[];
  readonly problems: readonly Problem[];
  /** Records of the stream that are neither archived, nor in quarantine, nor discarded. */
  readonly lost: number;
  readonly queries: readonly ShownQuery[];
  readonly stack: string;
  readonly directory: string;
  readonly bucket: string;
}

const SERVICES = { "tomorrow.io": "Tomorrow.io", "open-meteo": "Open-Meteo" } as const;

/**
 * Loads the program, starts it and feeds it: recorded values on a virtual clock, or the real weather API in real
 * time. Ends with one run of the ETL workflow, so that the last day is in gold too. All input is read and checked, and
 * the program is loaded, before the output folder is touched.
 *
 * @throws {WriteFaultError} when the output folder takes no more; errors of bad input
 */
export async function run(
  options: StartOptions,
  projectDirectory: string,
  progress: Progress,
): Promise<Outcome> {
  const startedAt = performance.now();
  const { config, overrides, notice, reason } = await readStack(options, projectDirectory);
  if (notice !== undefined) progress.phase(notice);
  const locations = Object.entries(config.locations).map(([id, location]) => ({ id, ...location }));
  const feed = options.live ? undefined : await readFeed(replayFiles(options, projectDirectory), locations);
  const { start, until } = span(options, feed);
  const savedQueries = readSavedQueries(join(projectDirectory, "queries"));
  const clock = createVirtualClock({ start });
  const api =
    feed &&
    (await startWeatherApi({
      series: feed.readings,
      locations,
      now: () => clock.now(),
      apiKey: REPLAY_API_KEY,
    }));
  const relay = options.live
    ? await startRelay({
        baseUrl: config.source.baseUrl ?? BASE_URLS[config.source.provider],
        onFault: (problem) =>
          progress.poll(`${utc(clock.now())}  ${SERVICES[config.source.provider]}: ${problem}`),
      })
    : undefined;
  const inbox = await openWebhookInbox(config.webhooks, join(options.out, WEBHOOK_INBOX));
  const packages = await mkdtemp(join(tmpdir(), "stormwire-packages-"));
  try {
    const source = { ...config.source, baseUrl: api?.url ?? relay?.url };
    const overridesHere = {
      ...overrides,
      "stormwire:webhooks": inbox.webhooks,
      "stormwire:source": source,
      "stormwire:poll": config.poll,
    };
    const graph = await writing(packages, () =>
      loadGraph(options, projectDirectory, { feed, overrides: overridesHere, packages }),
    );
    const release = await takeOutputDirectory(options.out, {
      keep: options.keep,
      onSetAside: (previous) => progress.phase(`The previous run is now in ${shown(previous)}`),
    });
    try {
      progress.loaded({ stack: options.stack, graph, coverage: coverageOf(graph), feed, start, until });
      if (options.live) {
        const service = SERVICES[config.source.provider];
        progress.phase(
          `Polling ${service}${reason === undefined ? "" : `, ${reason}`}; ${config.poll}, from now on`,
        );
      }
      return await withinFolder(options.out, () => runGraph(graph));
    } finally {
      await release();
    }
  } finally {
    progress.end();
    await inbox.stop();
    await api?.stop();
    await relay?.stop();
    await rm(packages, { recursive: true, force: true });
  }

  async function runGraph(graph: Graph): Promise<Outcome> {
    const cloud = await startCloud({ graph, directory: options.out, clock });
    try {
      const observer = observe(cloud, {
        alert: (alert) => progress.alert(alert),
        record: (record) => options.live && progress.poll(observationLine(record)),
        failedPoll: (location, error) =>
          options.live && progress.poll(`${utc(clock.now())}  ${location}  no observation: ${error}`),
      });
      const delivered = cloud.outbox.messages.length;
      if (feed && until) {
        scheduleRecords(feed, output(graph, "streamName"), clock, cloud, until);
      }
      await runClock({ clock, cloud, options, until, progress, relay });
      progress.phase("Running the ETL workflow once more, for the last day");
      await cloud.glue.startWorkflow(output(graph, "workflow"));
      requireWritable(cloud, options.out);
      const names = { bucket: output(graph, "bucket"), database: output(graph, "database") };
      const counts = await countArchive(cloud, names);
      const queries = counts.gold.rows > 0 ? await showQueries(cloud, savedQueries, names.database) : [];
      await cloud.lambda.stop(); // its last log lines may be refused, too
      const problems = cloud.problems();
      const lost = lostRecords(observer.records(), counts);
      const summary = summarize({
        observer,
        counts,
        messages: cloud.outbox.messages.slice(delivered),
        webhooks: webhookDeliveries(cloud, config),
        failed: problems.length + lost,
        wallSeconds: Math.round(performance.now() - startedAt) / 1000,
      });
      await writeSummary(options.out, summary);
      return {
        summary,
        alerts: observer.alerts,
        problems,
        lost,
        queries,
        stack: options.stack,
        directory: options.out,
        bucket: names.bucket,
      };
    } finally {
      await cloud.stop();
    }
  }
}

/** What the file system refuses from here on ends a run that is under way. */
async function withinFolder<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const line = cannotWrite(directory, cause);
    if (line === undefined || cause instanceof WriteFaultError) throw cause;
    throw new WriteFaultError(line, { cause });
  }
}

function replayFiles(options: StartOptions, projectDirectory: string): readonly string[] {
  return options.replay.length > 0 ? options.replay : [join(projectDirectory, DEFAULT_REPLAY)];
}

function span(options: StartOptions, feed: Feed | undefined): { start: Date; until: Date | undefined } {
  const start = feed?.start ?? new Date();
  const until = options.until ?? feed?.end;
  if (until !== undefined && until < start) {
    const from = feed === undefined ? "now" : "the first recorded reading";
    throw new UserError(`--until ${until.toISOString()} is before ${from}, ${start.toISOString()}`);
  }
  return { start, until };
}

async function loadGraph(
  { stack }: StartOptions,
  directory: string,
  {
    feed,
    ...options
  }: { feed: Feed | undefined; overrides: Readonly<Record<string, unknown>>; packages: string },
): Promise<Graph> {
  const graph = await loadProgram({ directory, stack, ...options });
  // With records only there is nothing to poll: the recorded API would answer that it has no reading.
  return feed !== undefined && feed.readings.length === 0
    ? withRuleDisabled(graph, output(graph, "pollRule"))
    : graph;
}

function withRuleDisabled(graph: Graph, rule: string): Graph {
  const resources = graph.resources.map((resource) =>
    resource.type === "aws:cloudwatch/eventRule:EventRule" && resource.outputs.name === rule
      ? { ...resource, inputs: { ...resource.inputs, state: "DISABLED" } }
      : resource,
  );
  return { ...graph, resources };
}

/** Messages that webhooks took: a function of theirs fails when its webhook does not. */
function webhookDeliveries(cloud: Cloud, { webhooks }: Pick<StormwireConfig, "webhooks">): number {
  const metrics = cloud.lambda.metrics();
  return Object.keys(webhooks).reduce((sum, name) => {
    const { invocations = 0, errors = 0 } = metrics[`webhook-${name}`] ?? {};
    return sum + invocations - errors;
  }, 0);
}

function output(graph: Graph, name: string): string {
  const value = graph.outputs[name];
  if (typeof value !== "string") {
    throw new Error(`the program has no stack output "${name}"`);
  }
  return value;
}
