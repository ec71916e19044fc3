import { cpus } from "node:os";
import { gunzipSync, gzipSync } from "node:zlib";
import type { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { createArchiveHandler } from "../handlers/archive.ts";
import {
  FIELD_UNITS,
  FIELDS,
  type Field,
  type Unit,
  type Values,
} from "../handlers/weather/observation/fields.ts";

/** `npm run bench -- archive`: what gzip levels cost and save, and how much memory a batch takes above itself. */
export async function benchArchive(): Promise<void> {
  console.log("npm run bench -- archive");
  console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}\n`);
  await printLevels();
  await printMemory();
}

const LEVELS = [1, 4, 6, 9] as const;
/** A minute of 50 places, and the most that the default config makes a batch of. */
const OBJECT_RECORDS = [50, 1000] as const;
/** Records gone through for each figure, over and over. */
const MEASURED_RECORDS = 20_000;

async function printLevels(): Promise<void> {
  console.log("records an object  gzip level  bytes per 1,000 records  of the lines  ms per 1,000 records");
  for (const records of OBJECT_RECORDS) {
    const lines = await linesOf(batchOf(records, { hours: 1 }));
    for (const level of LEVELS) {
      const rounds = Math.ceil(MEASURED_RECORDS / records);
      for (let round = 0; round < rounds / 4; round++) gzipSync(lines, { level }); // warm
      const start = process.cpuUsage();
      let bytes = 0;
      for (let round = 0; round < rounds; round++) bytes = gzipSync(lines, { level }).byteLength;
      const { user, system } = process.cpuUsage(start);
      const milliseconds = (user + system) / rounds / records; // µs a record are ms per 1,000
      console.log(
        [
          records.toLocaleString("en").padStart(17),
          String(level).padStart(10),
          Math.round((bytes * 1000) / records)
            .toLocaleString("en")
            .padStart(23),
          `${((100 * bytes) / lines.byteLength).toFixed(1)} %`.padStart(12),
          milliseconds.toFixed(1).padStart(20),
        ].join("  "),
      );
    }
  }
}

/** The lines that the archive function makes of a batch of one hour. */
async function linesOf(event: KinesisStreamEvent): Promise<Uint8Array> {
  const objects: Uint8Array[] = [];
  await archive(event, (body) => objects.push(body));
  return Buffer.concat(objects.map((object) => gunzipSync(object)));
}

const BATCHES = [100, 1000, 10_000] as const;

async function printMemory(): Promise<void> {
  console.log(
    "\nbatch, records  of it as JSON  all of it in ms per 1,000 records  in use above the batch at most",
  );
  for (const records of BATCHES) {
    const event = batchOf(records, { hours: 2 });
    const rounds = Math.ceil(MEASURED_RECORDS / records);
    await repeat(rounds, () => archive(event)); // warm
    const start = process.cpuUsage();
    await repeat(rounds, () => archive(event));
    const { user, system } = process.cpuUsage(start);
    const milliseconds = (user + system) / rounds / records;
    const peak = await peakOf(() => archive(event));
    console.log(
      [
        records.toLocaleString("en").padStart(14),
        megabytes(Buffer.byteLength(JSON.stringify(event))).padStart(13),
        milliseconds.toFixed(0).padStart(33),
        megabytes(peak).padStart(30),
      ].join("  "),
    );
  }
}

async function repeat(rounds: number, work: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < rounds; round++) await work();
}

/** Bytes in use above what was in use before, sampled after a garbage collection in every turn of the event loop. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
  const before = await settled();
  let peak = 0;
  let isWorking = true;
  const sampler = (async () => {
    while (isWorking) {
      peak = Math.max(peak, inUse() - before);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await work();
  isWorking = false;
  await sampler;
  return peak;
}

/** What is freed is counted as free a little later: by a thread of its own. */
async function settled(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    inUse();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return inUse();
}

function inUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Archives a batch; S3 answers in the next turn of the event loop. */
async function archive(
  event: KinesisStreamEvent,
  onPut: (body: Uint8Array) => void = () => {},
): Promise<void> {
  const send = async (command: PutObjectCommand) => {
    onPut(command.input.Body as Uint8Array);
    await new Promise((resolve) => setImmediate(resolve));
    return {};
  };
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const meter = { add: () => {}, publish: () => {} };
  const s3 = { send: send as unknown as S3Client["send"] };
  await createArchiveHandler({ bucketName: "lake" }, { s3, log: silent, meter })(event);
}

const START_MS = Date.UTC(2024, 3, 30, 11);
const PLACES = 50;

/** Tomorrow.io's realtime responses for 50 places, a minute apart, as Lambda hands them over. */
function batchOf(records: number, { hours }: { hours: number }): KinesisStreamEvent {
  const minutes = Math.ceil(records / PLACES);
  return {
    Records: Array.from({ length: records }, (_, index) => {
      const [minute, place] = [Math.floor(index / PLACES), index % PLACES];
      const timeMs = START_MS + Math.floor((minute * hours * 60) / minutes) * 60_000;
      return streamRecord(index, place, timeMs, valuesOf(place, minute));
    }),
  };
}

function streamRecord(index: number, place: number, timeMs: number, values: Values): KinesisStreamRecord {
  const time = new Date(timeMs).toISOString().replace(".000Z", "Z");
  const location = {
    id: `place-${place}`,
    name: `Place ${place}`,
    lat: -30 - place / 7,
    lon: -51 - place / 11,
  };
  const body = JSON.stringify({ data: { time, values }, location, source: "tomorrow.io" });
  const sequenceNumber = `49590338271490256608559692538361571095921575989136${String(index).padStart(6, "0")}`;
  return {
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: location.id,
      sequenceNumber,
      data: Buffer.from(body).toString("base64"),
      approximateArrivalTimestamp: timeMs / 1000 + 5 + (index % 1000) / 1000,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/archive",
    awsRegion: "us-east-1",
    eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/observations",
  };
}

/** Whole percents, degrees and codes; the rest with two decimals, as Tomorrow.io writes them. */
const WHOLE_UNITS = new Set(["%", "°", ""]);

/** Values of fair weather by unit, and of measures that go with another one: no check flags them. */
const USUAL: Readonly<Record<Unit, number>> = {
  "%": 60,
  "m/s": 5,
  "mm/h": 0,
  "°": 180,
  "°C": 20,
  "": 5,
  hPa: 1010,
  km: 12,
};
const USUAL_VALUES: Readonly<Partial<Record<Field, number>>> = { windGust: 12, dewPoint: 13 };

/** Every measure that we know, drifting from minute to minute as weather does; a fair sky has no clouds' base. */
function valuesOf(place: number, minute: number): Values {
  return Object.fromEntries(
    FIELDS.map((field, index) => {
      if (field.startsWith("cloudB") || field.startsWith("cloudCei")) return [field, null];
      if (/rain|snow|sleet/i.test(field)) return [field, 0];
      const drift = Math.sin((minute + 37 * place + 11 * index) / 90);
      const noise = ((minute * 7919 + place * 104_729 + index * 1_299_709) % 997) / 997;
      const value = (USUAL_VALUES[field] ?? USUAL[FIELD_UNITS[field]]) + 2 * drift + noise;
      return [field, WHOLE_UNITS.has(FIELD_UNITS[field]) ? Math.round(value) : Math.round(value * 100) / 100];
    }),
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
