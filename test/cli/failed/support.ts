import { S3ServiceException } from "@aws-sdk/client-s3";
import type { Invoke, WritableStore } from "../../../cli/stack/stack.ts";
import { type ArchiveEvent, createArchiveHandler } from "../../../handlers/archive.ts";
import { UserError } from "../../../lib/user-error.ts";
import { createFakeS3, type FakeS3 } from "../../handlers/support/fake-s3.ts";
import { type Incoming, kinesisEvent, weatherRecord } from "../../handlers/support/kinesis-event.ts";
import { createFakeLog } from "../../handlers/support/log.ts";
import { createFakeMeter } from "../../handlers/support/meter.ts";
import { portoAlegre } from "../../handlers/support/places.ts";

export const ARRIVED = "2024-04-30T11:00:05.120Z";
export const FOLDER = "year=2024/month=04/day=30";

/** JSON of a record at 11:00 with this temperature; a text stands in place of all values, so that there is no reading in it. */
export function reading(temperature: number | string): string {
  const values = typeof temperature === "string" ? temperature : { temperature };
  return JSON.stringify({
    ...weatherRecord(portoAlegre, "2024-04-30T11:00:00Z", {}),
    data: { time: "2024-04-30T11:00:00Z", values },
  });
}

export function arriving(body: string, arrivedAt = ARRIVED): Incoming {
  return { body, arrivedAtSeconds: Date.parse(arrivedAt) / 1000 };
}

/** The archive over a bucket in memory, as the command reaches it. */
export interface MemoryStack {
  readonly s3: FakeS3;
  readonly store: WritableStore;
  readonly invoke: Invoke;
  readonly functionName: (deployed: string) => string;
  /** What the stream brings. */
  deliver(...incoming: readonly Incoming[]): Promise<void>;
  keys(prefix: string): string[];
}

export function openMemoryStack(): MemoryStack {
  const s3 = createFakeS3();
  const handler = createArchiveHandler(
    { bucketName: "lake" },
    { s3, log: createFakeLog(), meter: createFakeMeter() },
  );
  const keys = (prefix: string) => [...s3.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  return {
    s3,
    keys,
    async deliver(...incoming) {
      await handler(kinesisEvent(incoming));
    },
    functionName: (deployed) => deployed,
    async invoke(name, event) {
      if (name !== "archive") throw new UserError(`no function ${name}`);
      try {
        return { payload: await handler(event as ArchiveEvent) };
      } catch (error) {
        return { error: String(error) };
      }
    },
    store: {
      list: async (prefix) => keys(prefix),
      read: async (key) => (s3.objects.has(key) ? s3.text(key) : undefined),
      write: async (key, text) => void s3.objects.set(key, Buffer.from(text)),
      remove: async (key) => void s3.objects.delete(key),
    },
  };
}

export function slowDown(): S3ServiceException {
  return new S3ServiceException({
    name: "SlowDown",
    message: "Please reduce your request rate.",
    $fault: "server",
    $metadata: {},
  });
}
