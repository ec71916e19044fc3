import { z } from "zod";
import { defineOperation } from "../../../../local/endpoint/operation.ts";
import {
  type EventSourceMappings,
  startEventSourceMappings,
} from "../../../../local/lambda/mapping/event-source-mapping.ts";
import {
  type Bench,
  createBench,
  functionArn,
  functionResources,
  makeFolder,
  resource,
  START,
} from "../support.ts";
import { FakeKinesis, STREAM_ARN } from "./fake-kinesis.ts";

/** Logs the names of a batch's records, and fails as the records tell it to. */
const HANDLER = `
const seen = {};
exports.handler = async ({ Records }) => {
  const orders = Records.map((record) => JSON.parse(Buffer.from(record.kinesis.data, "base64")));
  console.log(orders.map(({ name }) => name).join(","));
  const failed = orders.findIndex(({ name, fails }) => (seen[name] = (seen[name] ?? 0) + 1) <= (fails ?? 0));
  if (failed < 0) return undefined;
  if (orders[failed].throws) throw new Error("order " + orders[failed].name);
  return { batchItemFailures: [{ itemIdentifier: Records[failed].kinesis.sequenceNumber }] };
};`;

export const order = (name: string, extra: Record<string, unknown> = {}) => ({ name, ...extra });
/** An order that fails whenever it is tried. */
export const poison = (name: string) => order(name, { fails: 1e9, throws: true });
export const orders = (...names: string[]) => names.map((name) => order(name));

export interface MappingBench extends Bench {
  readonly kinesis: FakeKinesis;
  readonly objects: Map<string, string>;
  readonly mappings: EventSourceMappings;
  /** What the function was given: seconds since the start, and the names of each batch. */
  batches(): Promise<[number, string][]>;
}

/** Benches with one mapping, over a function that obeys its records; `stop` ends all that were prepared. */
export function createPreparation() {
  const stops: (() => Promise<void>)[] = [];

  async function prepare(
    inputs: Record<string, unknown> = {},
    options: { handler?: string; function?: Record<string, unknown>; shards?: number; denied?: string } = {},
  ): Promise<MappingBench> {
    const folder = await makeFolder();
    const bench = createBench(
      folder,
      ...(await functionResources(
        folder,
        "orders",
        { "__index.js": options.handler ?? HANDLER },
        options.function,
      )),
      resource(
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "orders",
        {
          eventSourceArn: STREAM_ARN,
          functionName: functionArn("orders"),
          startingPosition: "TRIM_HORIZON",
          ...inputs,
        },
        { uuid: "11111111-2222-3333-4444-555555555555" },
      ),
    );
    stops.push(bench.stop);
    const { clock, gateway, graph, lambda } = bench;
    const kinesis = new FakeKinesis(() => clock.now(), options.shards);
    const objects = new Map<string, string>();
    gateway.services.push(kinesis.service, s3(objects));
    if (options.denied) gateway.denied.add(options.denied);
    const mappings = await startEventSourceMappings({
      graph,
      clock,
      gateway,
      lambda,
      onPut: kinesis.onPut,
      onFailure: (failure) => bench.failures.push(failure),
    });
    return { ...bench, kinesis, objects, mappings, batches: async () => parseLog(await bench.log("orders")) };
  }

  async function stop(): Promise<void> {
    for (const each of stops.splice(0)) await each();
  }

  return { prepare, stop };
}

/** Does something in the midst of the run, without keeping it alive. */
export function at(bench: Bench, seconds: number, task: () => void): void {
  bench.clock.at(new Date(START.getTime() + seconds * 1000), task, { background: true });
}

export function until(seconds: number) {
  return { speed: "max" as const, until: new Date(START.getTime() + seconds * 1000) };
}

function s3(objects: Map<string, string>) {
  return {
    signingName: "s3",
    protocol: "rest-xml" as const,
    operations: {
      PutObject: defineOperation({
        input: z.object({ Bucket: z.string(), Key: z.string(), Body: z.instanceof(Uint8Array) }),
        permissions: ({ Bucket, Key }) => [
          { action: "s3:PutObject", resource: `arn:aws:s3:::${Bucket}/${Key}` },
        ],
        run: ({ Bucket, Key, Body }) => {
          objects.set(`${Bucket}/${Key}`, Buffer.from(Body).toString());
          return {};
        },
      }),
    },
  };
}

function parseLog(text: string): [number, string][] {
  return text
    .trim()
    .split("\n")
    .filter((line) => !line.includes("\t"))
    .map((line) => [(Date.parse(line.slice(0, 24)) - START.getTime()) / 1000, line.slice(25)]);
}
