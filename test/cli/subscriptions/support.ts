import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FilterPolicy } from "../../../config/subscribers.ts";
import { startEndpoint } from "../../../local/endpoint/endpoint.ts";
import type { Principal } from "../../../local/endpoint/operation.ts";
import type { Resource } from "../../../local/graph.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { identitiesFromGraph } from "../../../local/iam/identities.ts";
import { openOutbox } from "../../../local/sns/outbox.ts";
import { createSns } from "../../../local/sns/sns.ts";
import { projectDirectory } from "../../infra/program.ts";
import { good } from "../../infra/stack-config.ts";
import { graphOf, REGION, resource, roleArn } from "../../local/endpoint/support.ts";

export const TOPIC_ARN = `arn:aws:sns:${REGION}:123456789012:alerts-1a2b3c4`;
export const topic = resource("aws:sns/topic:Topic", "alerts", {}, { arn: TOPIC_ARN });

/** A subscription on the topic; `pendingConfirmation` among `outputs` makes it a pending one. */
export function onTopic(
  name: string,
  protocol: string,
  endpoint: string,
  outputs = {},
  filterPolicy?: FilterPolicy,
): Resource {
  return resource(
    "aws:sns/topicSubscription:TopicSubscription",
    name,
    {
      topic: TOPIC_ARN,
      protocol,
      endpoint,
      ...(filterPolicy && { filterPolicy: JSON.stringify(filterPolicy) }),
    },
    { arn: `${TOPIC_ARN}:${name}`, ...outputs },
  );
}

/** An SNS of its own with these resources, over HTTP as AWS's is. */
export async function serveSns(resources: readonly Resource[], options: { isInSmsSandbox?: boolean } = {}) {
  const directory = await temporaryFolder();
  const graph = graphOf(topic, ...resources);
  const outboxFile = join(directory.path, "outbox.ndjson");
  const outbox = openOutbox(outboxFile);
  const { service } = createSns({ graph, now: () => new Date(0), outbox, ...options });
  const identities = identitiesFromGraph(graph);
  const endpoint = await startEndpoint({
    services: [service],
    identities,
    authorizer: createAuthorizer(graph),
  });
  return {
    outboxFile,
    /** What a shell that talks to it has in its environment; `role` is the name of a role of the graph. */
    environment: (role?: string) =>
      shellOf(
        endpoint.url,
        role === undefined ? identities.operator : identities.forRole(roleArn(role), "me"),
      ),
    async [Symbol.asyncDispose]() {
      await endpoint.stop();
      outbox.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function shellOf(url: string, { accessKeyId, secretAccessKey }: Principal) {
  return { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

/** What the stand-in for the Pulumi CLI says, by command without its options. */
export interface PulumiAnswers {
  readonly config?: unknown;
  readonly "stack output"?: unknown;
  readonly "stack export"?: unknown;
  /** The command that fails with this on standard error. */
  readonly failing?: { readonly command: string; readonly stderr: string };
}

/** A folder with an executable `pulumi` that gives these answers, and writes down how it was called. */
export async function standInPulumi(answers: PulumiAnswers) {
  const directory = await temporaryFolder();
  const calls = join(directory.path, "calls.ndjson");
  const script = `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const answers = ${JSON.stringify(answers)};
const [...given] = process.argv.slice(2);
appendFileSync(${JSON.stringify(calls)}, JSON.stringify(given) + "\\n");
const command = given.slice(0, given.findIndex((one) => one.startsWith("--"))).join(" ");
if (answers.failing?.command === command) {
  process.stderr.write(answers.failing.stderr);
  process.exit(255);
}
const answer = answers[command];
process.stdout.write(typeof answer === "string" ? answer : JSON.stringify(answer));
`;
  const executable = join(directory.path, "pulumi");
  await writeFile(executable, script);
  await chmod(executable, 0o755);
  return {
    directory: directory.path,
    calls: async () =>
      (await readFile(calls, "utf8"))
        .split("\n")
        .slice(0, -1)
        .map((line): string[] => JSON.parse(line)),
    [Symbol.asyncDispose]: directory[Symbol.asyncDispose],
  };
}

/** Stack config as `pulumi config --show-secrets --json` prints it. */
export function printedConfig(config: Record<string, unknown>) {
  const entries = Object.entries({ ...good, ...config }).map(([key, value]) => {
    const printed =
      typeof value === "string" ? { value } : { value: JSON.stringify(value), objectValue: value };
    return [`stormwire:${key}`, { ...printed, secret: key === "subscriptions" || key === "apiKey" }];
  });
  return { "aws:region": { value: REGION, secret: false }, ...Object.fromEntries(entries) };
}

/** Runs `npm run subscriptions` with nothing in its environment but this. */
export function runSubscriptions(parameters: readonly string[], environment: Record<string, string>) {
  return runCommand("subscriptions", parameters, environment);
}

/** Runs a command of `cli/` with nothing in its environment but this; `signal` ends it as Ctrl-C does. */
export async function runCommand(
  name: string,
  parameters: readonly string[],
  environment: Record<string, string>,
  signal?: AbortSignal,
) {
  const child = spawn(process.execPath, [join(projectDirectory, "cli/main.ts"), name, ...parameters], {
    cwd: tmpdir(),
    env: { HOME: "/nowhere", AWS_EC2_METADATA_DISABLED: "true", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  }
  signal?.addEventListener("abort", () => child.kill("SIGINT"));
  const [code] = await once(child, "close");
  return { code: code as number | null, ...said };
}

export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "stormwire-subscriptions-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
