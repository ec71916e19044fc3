import type { Backend, Declared } from "./backend.ts";
import type { FakeAws } from "./fake-aws.ts";
import { startMaking } from "./make/making.ts";
import { EMULATOR, type Pace } from "./pace.ts";
import { sdkBackend } from "./sdk-backend.ts";

/** A thing of each kind. */
export const EVERYTHING: Declared = {
  buckets: { lake: ["raw/1"] },
  queues: ["failed"],
  streams: { orders: 1 },
  topics: { alerts: null },
  mappings: { orders: { onFailure: { bucket: "lake" } } },
  rules: { minutely: { ScheduleExpression: "rate(1 minute)" } },
  schedules: { minutely: { ScheduleExpression: "rate(1 minute)" } },
  eventTopics: ["alerts"],
  callers: { guest: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "bucket:lake/*" }] },
  streamKeys: { orders: [] },
};

/** The adapter over a fake, which needs no waits. */
export function backendOn(aws: FakeAws, pace: Partial<Pace> = {}): Backend {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return sdkBackend({
    settings: { region: "us-east-1", credentials },
    pace: { ...EMULATOR, ...pace },
    start: (...args) => aws.install(startMaking(...args)),
  });
}

/** Operations that take something away, in the order in which the fake was asked for them. */
export function undone({ calls }: FakeAws): string[] {
  return calls
    .map(({ operation }) => operation)
    .filter((operation) => /^(Delete(?!Objects)|Remove|ScheduleKeyDeletion)/.test(operation));
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
