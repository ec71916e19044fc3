import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { createS3Lake, type Lake } from "../../../etl/lake.ts";
import { startEndpoint } from "../../../local/endpoint/endpoint.ts";
import type { Principal } from "../../../local/endpoint/operation.ts";
import { JOB_TYPE, type JobDefinition, jobsOf } from "../../../local/glue/job.ts";
import type { Graph } from "../../../local/graph.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { identitiesFromGraph } from "../../../local/iam/identities.ts";
import type { Bucket } from "../../../local/s3/buckets.ts";
import { createS3, type LocalS3 } from "../../../local/s3/s3.ts";
import { seeingFiles } from "./foreign-files.ts";

/** The bucket of a local run's output folder, served to AWS SDKs of any language. */
export interface ServedLake {
  /** The program's one Glue job. */
  readonly job: JobDefinition;
  /** Plain files of the bucket. */
  readonly bucketDirectory: string;
  /** Environment of a process that runs the job: its role's credentials and the endpoint. */
  readonly jobEnvironment: Readonly<Record<string, string>>;
  /** The bucket for whoever runs the tests. */
  readonly objects: Lake;
  /** Tells of every call of S3 once it is done, before it is answered. */
  onCall(observer: (operation: string, input: unknown) => void): void;
}

/**
 * Serves S3 over `output`, the folder of a local run, while `use` runs. Nothing of the program runs meanwhile; its objects
 * (the job's script among them) are uploaded first, as `pulumi up` would.
 */
export async function withLake<Result>(
  graph: Graph,
  output: string,
  use: (lake: ServedLake) => Promise<Result>,
): Promise<Result> {
  const identities = identitiesFromGraph(graph);
  const authorizer = createAuthorizer(graph);
  const directory = join(output, "s3");
  const s3 = await createS3({ graph, directory, now: () => new Date(), authorizer });
  const job = onlyJob(graph);
  const { bucket } = job.script;
  const endpoint = await startEndpoint({
    services: [
      seeingFiles(s3.service, {
        bucket: bucketOf(s3, bucket),
        directory: join(directory, bucket),
        prefix: "state/etl/staging/",
      }),
    ],
    identities,
    authorizer,
  });
  const client = new S3Client({
    endpoint: endpoint.url,
    region: graph.region,
    forcePathStyle: true,
    credentials: credentialsOf(identities.operator),
  });
  try {
    return await use({
      job,
      bucketDirectory: join(directory, bucket),
      jobEnvironment: environmentOf(identities.forRole(job.roleArn, "engine"), endpoint.url, graph.region),
      objects: createS3Lake(client, bucket),
      onCall: (observer) => endpoint.gateway.observe(({ operation, input }) => observer(operation, input)),
    });
  } finally {
    client.destroy();
    await endpoint.stop();
  }
}

function bucketOf({ buckets }: LocalS3, name: string): Bucket {
  const bucket = buckets.get(name);
  if (bucket === undefined) throw new Error(`the program has no bucket ${name}`);
  return bucket;
}

function onlyJob(graph: Graph): JobDefinition {
  const [job, ...others] = jobsOf(graph);
  if (job === undefined || others.length > 0)
    throw new Error(`the program has ${others.length + (job ? 1 : 0)} resources ${JOB_TYPE}, not one`);
  return job;
}

function credentialsOf({ accessKeyId, secretAccessKey }: Principal) {
  return { accessKeyId, secretAccessKey };
}

function environmentOf(principal: Principal, url: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: principal.accessKeyId,
    AWS_SECRET_ACCESS_KEY: principal.secretAccessKey,
  };
}
