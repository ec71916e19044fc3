import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { FilterLogEventsCommand, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { type ClientSettings, type Clients, createClients, createMakers } from "./clients.ts";
import { type Made, makeResources } from "./make.ts";
import type { Declared, Place, World } from "./place.ts";
import { eventsInLog } from "./recorder.ts";

export interface SdkPlace {
  readonly settings: ClientSettings;
  /** Emulators make things at once; AWS lets roles and policies spread first. */
  readonly settleSeconds: number;
  close(): Promise<void>;
}

/** A place where resources are made by calls and time is real. */
export function sdkPlace({ settings, settleSeconds, close }: SdkPlace): Place {
  return {
    open: (declared) => openWorld(settings, settleSeconds, declared),
    async refusal(declared) {
      try {
        await using _ = await openWorld(settings, 0, declared);
        return undefined;
      } catch (error) {
        if (error instanceof Error && "$fault" in error && error.$fault === "client") return error.message;
        throw error;
      }
    },
    close,
  };
}

async function openWorld(
  settings: ClientSettings,
  settleSeconds: number,
  declared: Declared,
): Promise<World> {
  const clients = createClients(settings);
  const makers = createMakers(settings);
  const prefix = `contract-${randomBytes(4).toString("hex")}`;
  const made: Made = {
    prefix,
    undo: [],
    credentials: new Map(),
    topicArns: new Map(),
    queueUrls: new Map(),
  };
  const opened: (Clients & Disposable)[] = [clients];
  const dispose = async () => {
    for (const undo of made.undo.reverse()) await undo();
    for (const each of [...opened, makers]) each[Symbol.dispose]();
  };
  try {
    await makeResources({ clients, makers, declared, made, settleSeconds });
  } catch (error) {
    await dispose();
    throw error;
  }
  const callers = new Map(
    [...made.credentials].map(([caller, credentials]) => {
      const own = createClients({ ...settings, credentials });
      opened.push(own);
      return [caller, own];
    }),
  );
  return {
    clients,
    as: (caller) => known(callers.get(caller), caller),
    name: (own) => `${prefix}-${own}`,
    topicArn: (own) => known(made.topicArns.get(own), own),
    queueUrl: (own) => known(made.queueUrls.get(own), own),
    now: () => new Date(),
    async pass(seconds, { at = [], until } = {}) {
      const start = performance.now();
      const left = (time: number) => Math.max(0, time * 1000 - (performance.now() - start));
      await Promise.all(at.map(([time, task]) => delay(left(time)).then(task)));
      while (left(seconds) > 0 && !(await until?.())) await delay(Math.min(left(seconds), 100));
    },
    async events() {
      try {
        const { events = [] } = await makers.logs.send(
          new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${prefix}-recorder`, limit: 10_000 }),
        );
        return eventsInLog(events.map(({ message = "" }) => message));
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return []; // it was never called
        throw error;
      }
    },
    async overload(own) {
      const Records = Array.from({ length: 5 }, () => ({
        PartitionKey: "hot",
        Data: new Uint8Array(1024 * 1024 - 3),
      }));
      const StreamName = `${prefix}-${own}`;
      await Promise.all(
        [1, 2, 3].map(() => clients.kinesis.send(new PutRecordsCommand({ StreamName, Records }))),
      );
    },
    [Symbol.asyncDispose]: dispose,
  };
}

function known<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`${name} is not among what the line declares`);
  return value;
}
