import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
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
import { readRunRecord } from "../stack/run-record.ts";
import type { Deployment } from "./aws.ts";

interface LocalRunOptions {
  readonly projectDirectory: string;
  /** The stack of the run; another one is an error. */
  readonly stack: string;
}

/**
 * Starts S3 and Glue of the local run in `directory` again, with the program as it is now. Nothing else of the program
 * runs.
 *
 * @throws UserError when the folder holds no run of the stack; OutputDirectoryError when the run still goes on, ProgramError
 */
export async function openLocalRun(
  directory: string,
  { projectDirectory, stack }: LocalRunOptions,
): Promise<Deployment> {
  const { bucket } = await readRunRecord(directory, stack);
  const graph = await loadGraph(projectDirectory, stack);
  const [job] = jobsOf(graph);
  if (job === undefined) throw new Error(`the program has no ${JOB_TYPE}`);
  const release = await takeOutputDirectory(directory, { keep: true });
  try {
    const served = await serve(graph, directory);
    return {
      ...served,
      stack,
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

async function loadGraph(directory: string, stack: string): Promise<Graph> {
  const project = await readProject(directory);
  const packages = await mkdtemp(join(tmpdir(), `${project.name}-packages-`));
  try {
    const overrides = { [`${project.name}:apiKey`]: "none" }; // no weather API is called
    return await loadProgram({ directory, stack, packages, overrides });
  } finally {
    await rm(packages, { recursive: true, force: true });
  }
}
