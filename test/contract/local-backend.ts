import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { startCloud } from "../../local/cloud.ts";
import { NotEmulatedError } from "../../local/endpoint/error.ts";
import type { Principal } from "../../local/endpoint/operation.ts";
import { type Backend, type Declared, OBJECT, type PassOptions, type World } from "./backend.ts";
import { type Clients, createClients } from "./clients.ts";
import { ACCOUNT, EVENT, FUNCTION, graphOf, REGION } from "./declared-graph.ts";
import { eventsInLog, RECORDER } from "./recorder.ts";

/** The services of local/: the resources are a program's graph, time is virtual. */
export function localBackend(): Backend {
  return {
    openingSeconds: 0, // the clock stands meanwhile
    open: openWorld,
    async rejectionOf(declared) {
      try {
        await using _ = await openWorld(declared);
        return undefined;
      } catch (error) {
        if (!(error instanceof Error) || error instanceof NotEmulatedError) throw error;
        return error.message;
      }
    },
    close: async () => {},
  };
}

async function openWorld(declared: Declared): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "contract-"));
  try {
    return await openIn(directory, declared);
  } catch (error) {
    await rm(directory, { recursive: true });
    throw error;
  }
}

async function openIn(directory: string, declared: Declared): Promise<World> {
  const code = join(directory, "recorder");
  mkdirSync(code);
  writeFileSync(join(code, "index.js"), RECORDER);
  for (const [bucket, keys] of Object.entries(declared.buckets ?? {}))
    seed(join(directory, "s3", bucket), keys);
  const clock = createVirtualClock({ start: wholeSecond(new Date()) });
  const cloud = await startCloud({ graph: graphOf(declared, code), directory, clock });
  const opened: (Clients & Disposable)[] = [];
  const clientsOf = ({ accessKeyId, secretAccessKey }: Principal) => {
    const credentials = { accessKeyId, secretAccessKey, sessionToken: "session" };
    const clients = createClients({ endpoint: cloud.url, region: REGION, credentials, maxAttempts: 1 });
    opened.push(clients);
    return clients;
  };
  const callers = new Map<string, Clients>();
  for (const caller of Object.keys(declared.callers ?? {}))
    callers.set(caller, clientsOf(await cloud.lambda.principalOf(`caller-${caller}`)));
  const log = join(directory, "logs", `${FUNCTION}.log`);
  async function pass(seconds: number, { at = [] }: PassOptions = {}): Promise<void> {
    const start = clock.now().getTime();
    const after = (time: number) => new Date(start + time * 1000);
    for (const [time, task] of at)
      clock.at(
        after(time),
        async () => {
          await task();
        },
        { background: true },
      );
    await clock.run({ until: after(seconds), speed: "max" });
  }

  return {
    clients: clientsOf(cloud.operator),
    as: (caller) => known(callers.get(caller), caller),
    name: (own) => own,
    topicArn: (own) => `arn:aws:sns:${REGION}:${ACCOUNT}:${own}`,
    queueUrl: (own) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${own}`,
    now: () => clock.now(),
    pass,
    linger: (seconds) => pass(seconds),
    events: async () => (existsSync(log) ? eventsInLog(readFileSync(log, "utf8").split("\n")) : []),
    putEvent: () => cloud.eventRules.put({ ...EVENT, detail: {} }),
    async overload() {
      cloud.kinesis.throttle(({ partitionKey }) => partitionKey === "hot");
    },
    async [Symbol.asyncDispose]() {
      for (const clients of opened) clients[Symbol.dispose]();
      await cloud.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** An object is the file of its key. */
function seed(folder: string, keys: readonly string[]): void {
  for (const parent of new Set(keys.map((key) => dirname(join(folder, key)))))
    mkdirSync(parent, { recursive: true });
  for (const key of keys) writeFileSync(join(folder, key), OBJECT);
}

function known<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`${name} is not among what the line declares`);
  return value;
}

function wholeSecond(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
