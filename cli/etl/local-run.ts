import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { UserError } from "../../lib/user-error.ts";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { startEndpoint } from "../../local/endpoint/endpoint.ts";
import { createGlue } from "../../local/glue/glue.ts";
import { JOB_TYPE, jobsOf } from "../../local/glue/job.ts";
import type { Graph } from "../../local/graph.ts";
import { createAuthorizer } from "../../local/iam/authorizer.ts";
import { identitiesFromGraph } from "../../local/iam/identities.ts";
import { createLogs } from "../../local/logs/logs.ts";
import { takeOutputDirectory } from "../../local/output-directory.ts";
import { loadProgram } from "../../local/program/load.ts";
import { readProject } from "../../local/program/project.ts";
import { createS3 } from "../../local/s3/s3.ts";
import type { Deployment } from "./aws.ts";

export interface LocalRunOptions {
  readonly projectDirectory: string;
  /** The stack that the run must be of. */
  readonly stack: string;
}

const recordSchema = z.object({ stack: z.string() });

/**
 * Gives S3 and Glue of the local run that was left in `directory` life again, with the program as it is now. Nothing
 * else of the program runs.
 *
 * @throws {UserError} when there is no such run; OutputDirectoryError when it is still under way, ProgramError
 */
export async function openLocalRun(
  directory: string,
  { projectDirectory, stack }: LocalRunOptions,
): Promise<Deployment> {
  const run = await readRecord(directory);
  if (run.stack !== stack)
    throw new UserError(`${directory} holds a run of stack "${run.stack}", not of "${stack}"`);
  const graph = await loadGraph(projectDirectory, run.stack);
  const bucket = graph.outputs.bucket;
  const [job] = jobsOf(graph);
  if (typeof bucket !== "string" || job === undefined)
    throw new Error(`the program has no output bucket or no ${JOB_TYPE}`);
  const release = await takeOutputDirectory(directory, { keep: true });
  try {
    const served = await serve(graph, directory);
    return {
      ...served,
      stack: run.stack,
      bucket,
      job: job.name,
      async [Symbol.asyncDispose]() {
        await served[Symbol.asyncDispose]();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function serve(graph: Graph, directory: string) {
  const clock = createVirtualClock({ start: new Date() });
  const identities = identitiesFromGraph(graph);
  const authorizer = createAuthorizer(graph);
  const s3 = await createS3({ graph, directory: join(directory, "s3"), now: () => clock.now(), authorizer });
  const logs = createLogs({ graph, directory: join(directory, "logs") });
  const endpoint = await startEndpoint({ services: [s3.service, logs.service], identities, authorizer });
  const { gateway, url } = endpoint;
  const glue = await createGlue({ graph, clock, gateway, identities, endpointUrl: () => url, directory });
  gateway.register(glue.service);
  const { accessKeyId, secretAccessKey } = identities.operator;
  const settings = {
    endpoint: url,
    region: graph.region,
    credentials: { accessKeyId, secretAccessKey },
  };
  const clients = { s3: new S3Client({ ...settings, forcePathStyle: true }), glue: new GlueClient(settings) };
  return {
    ...clients,
    async [Symbol.asyncDispose]() {
      clients.s3.destroy();
      clients.glue.destroy();
      await glue.stop();
      await endpoint.stop();
    },
  };
}

async function readRecord(directory: string): Promise<z.infer<typeof recordSchema>> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(directory, "stack.json"), "utf8")));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new UserError(
      `no local run in ${directory} yet: run "npm start" first, or name its folder with --out`,
      { cause },
    );
  }
}

async function loadGraph(directory: string, stack: string): Promise<Graph> {
  const project = await readProject(directory);
  const packages = await mkdtemp(join(tmpdir(), `${project.name}-packages-`));
  try {
    const overrides = { [`${project.name}:apiKey`]: "none" }; // nothing is asked for weather
    return await loadProgram({ directory, stack, packages, overrides });
  } finally {
    await rm(packages, { recursive: true, force: true });
  }
}
