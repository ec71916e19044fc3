import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import { type ArchiveEvent, createArchiveHandler } from "../../../handlers/archive.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { createS3 } from "../../../local/s3/s3.ts";
import { type Incoming, kinesisEvent } from "../../handlers/support/kinesis-event.ts";
import { createFakeLog } from "../../handlers/support/log.ts";
import { createFakeMeter } from "../../handlers/support/meter.ts";
import { projectDirectory } from "../../infra/program.ts";
import {
  allow,
  clientConfig,
  graphOf,
  resource,
  role,
  roleArn,
  start,
} from "../../local/endpoint/support.ts";
import { printedConfig, standInPulumi, temporaryFolder } from "../subscriptions/support.ts";

export const BUCKET = "lake-1a2b3c4";
export const FUNCTION = "archive-5d6e7f8";

const objects = (prefix: string) => `arn:aws:s3:::${BUCKET}/${prefix}*`;

const graph = graphOf(
  resource("aws:s3/bucket:Bucket", "lake", { bucket: BUCKET }),
  ...role("archive", allow("s3:PutObject", [objects("raw/"), objects("quarantine/")])),
  // What the command's help asks for.
  ...role(
    "operator",
    allow("s3:ListBucket", `arn:aws:s3:::${BUCKET}`),
    allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], objects("quarantine/")),
    allow(["s3:GetObject", "s3:DeleteObject"], objects("aws/lambda/")),
  ),
  ...role("stranger"),
);

/** A stack on AWS, as far as the command sees it: S3 over HTTP, the archive function behind Lambda's API, Pulumi. */
export async function openStack({ functionName = FUNCTION } = {}) {
  const directory = await temporaryFolder();
  const now = () => new Date();
  const s3 = await createS3({ graph, directory: directory.path, now, authorizer: createAuthorizer(graph) });
  const endpoint = await start(graph, s3.service);
  const credentialsOf = (name: string) => endpoint.identities.forRole(roleArn(name), "me");
  const client = new S3Client(clientConfig(endpoint.url, credentialsOf("archive")));
  const handler = createArchiveHandler(
    { bucketName: BUCKET },
    { s3: client, log: createFakeLog(), meter: createFakeMeter() },
  );
  const lambda = await serveLambda(handler);
  const pulumi = await standInPulumi({
    config: printedConfig({}),
    "stack output": { bucket: BUCKET },
    "stack export": exported(functionName),
  });

  return {
    s3: s3.buckets.get(BUCKET)?.objects,
    invocations: lambda.invocations,
    async deliver(...incoming: readonly Incoming[]) {
      await handler(kinesisEvent(incoming));
    },
    async run(
      parameters: readonly string[],
      { as = "operator", ...environment }: Record<string, string> = {},
    ) {
      const { accessKeyId, secretAccessKey } = credentialsOf(as);
      return await runFailed(["--stack", "dev", ...parameters], {
        PATH: pulumi.directory,
        AWS_ENDPOINT_URL_S3: endpoint.url,
        AWS_ENDPOINT_URL_LAMBDA: lambda.url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        ...environment,
      });
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await lambda.close();
      await endpoint.stop();
      await pulumi[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function exported(functionName: string) {
  const type = "aws:lambda/function:Function";
  const urn = (name: string) => `urn:pulumi:dev::stormwire::stormwire:infra:HandlerFunction$${type}::${name}`;
  const resources = [
    { urn: urn("alert"), type, id: "alert-0a0a0a0" },
    { urn: urn("archive"), type, id: functionName },
  ];
  return { version: 3, deployment: { resources } };
}

/** Invoke, as https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html has it. */
async function serveLambda(handler: (event: ArchiveEvent) => Promise<unknown>) {
  const invocations: ArchiveEvent[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse) {
    if (request.url !== `/2015-03-31/functions/${FUNCTION}/invocations`) {
      response.writeHead(404, { "X-Amzn-ErrorType": "ResourceNotFoundException" });
      response.end(JSON.stringify({ Message: `Function not found: ${request.url}` }));
      return;
    }
    const event: ArchiveEvent = JSON.parse(await text(request));
    invocations.push(event);
    try {
      response.end(JSON.stringify(await handler(event)));
    } catch (error) {
      const { name: errorType, message: errorMessage } = error as Error;
      response.writeHead(200, { "X-Amz-Function-Error": "Unhandled" });
      response.end(JSON.stringify({ errorType, errorMessage, trace: [] }));
    }
  }
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    invocations,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Runs `npm run failed` with nothing in its environment but this. */
async function runFailed(parameters: readonly string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, [join(projectDirectory, "cli/main.ts"), "failed", ...parameters], {
    cwd: tmpdir(),
    env: { HOME: "/nowhere", AWS_EC2_METADATA_DISABLED: "true", AWS_MAX_ATTEMPTS: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: code as number | null, stdout, stderr };
}
