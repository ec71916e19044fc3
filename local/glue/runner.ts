import type { Clock } from "../clock/clock.ts";
import { AwsError } from "../endpoint/error.ts";
import type { Gateway, Principal } from "../endpoint/operation.ts";
import type { Graph } from "../graph.ts";
import type { RoleAssumer } from "../iam/identities.ts";
import { crawl } from "./crawl.ts";
import type { CrawlerDefinition } from "./crawler-definition.ts";
import { type JobDefinition, type JobProcess, startJobProcess } from "./job.ts";
import { type GlueRun, runId, writeLog } from "./run.ts";

interface RunnerOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly identities: RoleAssumer;
  readonly endpointUrl: () => string;
  readonly crawlers: readonly CrawlerDefinition[];
  readonly jobs: readonly JobDefinition[];
  /** Called when a crawler or job has ended, before `ended` resolves. */
  readonly onEnded?: ((run: GlueRun) => Promise<void>) | undefined;
}

/** A started run. `ended` resolves with the run, whether or not it failed. */
interface StartedRun {
  readonly run: GlueRun;
  readonly ended: Promise<GlueRun>;
}

export interface Runner {
  readonly runs: readonly GlueRun[];
  /** Throws EntityNotFoundException, CrawlerRunningException. */
  startCrawler(name: string): StartedRun;
  /** Throws EntityNotFoundException, ConcurrentRunsExceededException. */
  startJob(name: string, given?: Readonly<Record<string, string>>): StartedRun;
  crawler(name: string): CrawlerDefinition;
  job(name: string): JobDefinition;
  /** Stops running jobs and waits for the other runs. */
  stop(): Promise<void>;
}

/** Runs crawlers and jobs with their roles. An error of a run is recorded in the run and never thrown. */
export function createRunner(options: RunnerOptions): Runner {
  const { graph, clock, gateway, identities, crawlers, jobs } = options;
  const runs: GlueRun[] = [];
  const processes = new Set<JobProcess>();
  const pending = new Set<Promise<GlueRun>>();
  let stopped = false;

  const crawler = (name: string) => findByName(crawlers, name, "Crawler");
  const job = (name: string) => findByName(jobs, name, "Job");

  function begin(
    kind: "crawler" | "job",
    name: string,
    roleArn: string,
    work: Work,
    given?: GlueRun["arguments"],
  ): StartedRun {
    const run: GlueRun = {
      kind,
      name,
      id: runId(kind === "job" ? "jr" : "cr", name, runs.length),
      state: "RUNNING",
      output: "",
      startedAt: clock.now(),
      ...(given && { arguments: given }),
    };
    runs.push(run);
    const ended = finish(run, roleArn, work);
    pending.add(ended);
    void ended.then(() => pending.delete(ended));
    return { run, ended };
  }

  async function finish(run: GlueRun, roleArn: string, work: Work): Promise<GlueRun> {
    try {
      const principal = await identities.assumeRole(roleArn, "glue.amazonaws.com", `${run.kind}-${run.name}`);
      try {
        await work(run, principal);
      } finally {
        await writeLog(gateway, clock, principal, run);
      }
      run.state = "SUCCEEDED";
    } catch (error) {
      run.state = "FAILED";
      run.error = error instanceof Error ? error.message : String(error);
    }
    run.completedAt = clock.now();
    await options.onEnded?.(run);
    return run;
  }

  function crawlWork(definition: CrawlerDefinition): Work {
    return async (run, principal) => {
      const log = (line: string) => {
        run.output += `${line}\n`;
      };
      await crawl({ gateway, principal, log }, definition);
    };
  }

  function jobWork(definition: JobDefinition, given: Readonly<Record<string, string>>): Work {
    return async (run, principal) => {
      const { bucket, key } = definition.script;
      // Glue loads the script with the job's role.
      await gateway.call(principal, "s3", "GetObject", { Bucket: bucket, Key: key });
      const write = (text: string) => {
        run.output += text;
      };
      let failure: string | undefined;
      for (let attempt = 0; attempt <= definition.maxRetries; attempt += 1) {
        if (stopped) throw new Error("the job run was stopped");
        const process = startJobProcess(definition, {
          principal,
          region: graph.region,
          endpointUrl: options.endpointUrl(),
          arguments: { ...given, "--JOB_NAME": definition.name, "--JOB_RUN_ID": run.id },
          write,
        });
        processes.add(process);
        failure = await process.ended;
        processes.delete(process);
        if (failure === undefined) return;
      }
      throw new Error(failure);
    };
  }

  return {
    runs,
    crawler,
    job,
    startCrawler(name) {
      const definition = crawler(name);
      if (runningOf(runs, "crawler", name) > 0) {
        throw new AwsError("CrawlerRunningException", `Crawler with name ${name} has already started`);
      }
      return begin("crawler", name, definition.roleArn, crawlWork(definition));
    },
    startJob(name, given = {}) {
      const definition = job(name);
      if (runningOf(runs, "job", name) >= definition.maxConcurrentRuns) {
        throw new AwsError("ConcurrentRunsExceededException", `Concurrent runs exceeded for ${name}`);
      }
      const all = { ...definition.defaultArguments, ...given };
      return begin("job", name, definition.roleArn, jobWork(definition, all), all);
    },
    async stop() {
      stopped = true;
      await Promise.all([...processes].map((process) => process.stop()));
      await Promise.all(pending);
    },
  };
}

type Work = (run: GlueRun, principal: Principal) => Promise<void>;

function runningOf(runs: readonly GlueRun[], kind: GlueRun["kind"], name: string): number {
  return runs.filter((run) => run.kind === kind && run.name === name && run.state === "RUNNING").length;
}

function findByName<Item extends { readonly name: string }>(
  items: readonly Item[],
  name: string,
  kind: string,
): Item {
  const found = items.find((item) => item.name === name);
  if (found === undefined)
    throw new AwsError("EntityNotFoundException", `${kind} with name ${name} could not be found`);
  return found;
}
