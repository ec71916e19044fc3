import { setTimeout as delay } from "node:timers/promises";
import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import type { Backend, Declared, PassOptions, World } from "./backend.ts";
import { type ClientSettings, type Clients, createClients } from "./clients.ts";
import type { LeftBehindError } from "./make/cleanup.ts";
import { putEvent } from "./make/event-rule.ts";
import { recordedBy } from "./make/log.ts";
import { known, startMaking } from "./make/making.ts";
import { warmUp } from "./make/recorder.ts";
import { makeResources } from "./make/resources.ts";
import type { Pace } from "./pace.ts";
import { isWarmUp } from "./recorder.ts";
import { holdsWithin } from "./until.ts";

export interface SdkBackend {
  readonly settings: ClientSettings;
  readonly pace: Pace;
  /** How a world's clients come about; tests put answers in the place of HTTP. */
  readonly start?: typeof startMaking;
}

/** What a service calls an input that it does not take; any other error is no rejection, such as a missing permission. */
const REFUSAL = /^(Validation|InvalidParameter(Value)?)Exception$/;

/** A backend where resources are made by calls and time is real. */
export function sdkBackend({ settings, pace, start = startMaking }: SdkBackend): Backend {
  const left: LeftBehindError[] = [];
  const opening = { settings, pace, start, left };
  return {
    openingSeconds: pace.openingSeconds,
    async open(declared) {
      const world = await openWorld(opening, declared);
      try {
        await world.settle();
      } catch (error) {
        await world[Symbol.asyncDispose]();
        throw error;
      }
      return world;
    },
    async rejectionOf(declared) {
      try {
        await using _ = await openWorld(opening, declared);
        return undefined;
      } catch (error) {
        if (error instanceof Error && REFUSAL.test(error.name)) return error.message;
        throw error;
      }
    },
    async close() {
      if (left.length > 0) throw new AggregateError(left, left.map(({ message }) => message).join("\n"));
    },
  };
}

interface Opening extends Required<SdkBackend> {
  readonly left: LeftBehindError[];
}

interface SdkWorld extends World {
  /** Waits until what has been made is at work. */
  settle(): Promise<void>;
}

async function openWorld({ settings, pace, start, left }: Opening, declared: Declared): Promise<SdkWorld> {
  const making = start(settings, pace);
  const { clients, makers, prefix } = making;
  const opened: Disposable[] = [making];
  const dispose = async () => {
    left.push(...(await making.cleanup.run()));
    for (const each of opened) each[Symbol.dispose]();
  };
  const recorder = await makeResources(making, declared).catch(async (error: unknown) => {
    await dispose();
    throw error;
  });
  const callers = new Map(
    [...making.callers].map(([caller, { credentials }]) => {
      const own = createClients({ ...settings, credentials, maxAttempts: pace.attempts });
      opened.push(own);
      return [caller, own];
    }),
  );
  return {
    clients,
    as: (caller) => known(callers, caller),
    name: (own) => `${prefix}-${own}`,
    topicArn: (own) => known(making.topicArns, own),
    queueUrl: (own) => known(making.queueUrls, own),
    now: () => new Date(),
    pass: (seconds, options) => pass(pace, seconds, options),
    linger: (seconds) => delay((seconds + pace.lingerSeconds) * 1000),
    async events() {
      if (recorder === undefined) return [];
      return (await recordedBy(makers.logs, recorder.logGroupName)).filter((event) => !isWarmUp(event));
    },
    putEvent: () => putEvent(making),
    overload: (own) => overload(clients, `${prefix}-${own}`),
    async settle() {
      if (recorder !== undefined || callers.size > 0) await delay(pace.settleSeconds * 1000);
      if (recorder !== undefined) await warmUp(making, recorder);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

async function pass(pace: Pace, seconds: number, { at = [], until }: PassOptions = {}): Promise<void> {
  const start = performance.now();
  const passed = () => (performance.now() - start) / 1000;
  await Promise.all(at.map(([time, task]) => delay(Math.max(0, time - passed()) * 1000).then(task)));
  if (until === undefined) await delay(Math.max(0, seconds - passed()) * 1000);
  else await holdsWithin(seconds + pace.lateSeconds - passed(), pace, until);
}

/** Writes fifteen times to one shard what it takes in a second. */
async function overload({ kinesis }: Clients, StreamName: string): Promise<void> {
  const PartitionKey = "hot";
  const Data = new Uint8Array(1024 * 1024 - PartitionKey.length);
  const Records = Array.from({ length: 5 }, () => ({ PartitionKey, Data }));
  await Promise.all([1, 2, 3].map(() => kinesis.send(new PutRecordsCommand({ StreamName, Records }))));
}
