import type { KinesisStreamEvent } from "aws-lambda";
import type { Lake } from "../../etl/lake.ts";
import { type ArchiveDependencies, createArchiveHandler } from "../../handlers/archive.ts";
import type { Values } from "../../handlers/weather/observation/fields.ts";

export const PLACES = 50;
export const DAYS = 365;
export const DENSE_DAY = "2024-07-01";

const YEAR_START = Date.UTC(2024, 0, 1);
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** What a batching window of five minutes gathers of a reading a minute. */
const MINUTES_OF_BATCH = 5;

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const UNCOUNTED = { add: () => undefined, publish: () => undefined };

/**
 * Sends made-up readings through the archive handler as one shard brings them: every hour of a year, a batch each, or
 * every minute of a day in batches of five minutes.
 * @returns the number of records
 */
export async function archiveHours(lake: Lake, rate: "hourly" | "by the minute"): Promise<number> {
  const archive = createArchiveHandler(
    { bucketName: "lake" },
    { s3: s3Over(lake), log: SILENT, meter: UNCOUNTED },
  );
  const hourly = rate === "hourly";
  const start = hourly ? YEAR_START : Date.parse(`${DENSE_DAY}T00:00:00Z`);
  const everyMs = hourly ? HOUR_MS : MINUTE_MS;
  const times = Array.from({ length: hourly ? DAYS * 24 : 24 * 60 }, (_, index) => start + index * everyMs);
  const timesOfBatch = hourly ? 1 : MINUTES_OF_BATCH;
  let records = 0;
  for (let from = 0; from < times.length; from += timesOfBatch) {
    const event = eventOf(times.slice(from, from + timesOfBatch), records);
    records += event.Records.length;
    await archive(event);
  }
  return records;
}

function s3Over(lake: Lake): NonNullable<ArchiveDependencies["s3"]> {
  const send = async ({ input }: { input: { Key: string; Body: Uint8Array } }) => {
    await lake.write(input.Key, input.Body);
    return {};
  };
  return { send } as unknown as NonNullable<ArchiveDependencies["s3"]>;
}

function eventOf(times: readonly number[], firstRecord: number): KinesisStreamEvent {
  const readings = times.flatMap((time) => Array.from({ length: PLACES }, (_, place) => ({ time, place })));
  const Records = readings.map(({ time, place }, index) => {
    const sequenceNumber = `49590338271490256608559692538361571095921575${String(firstRecord + index).padStart(12, "0")}`;
    return {
      kinesis: {
        kinesisSchemaVersion: "1.0",
        partitionKey: `place-${place}`,
        sequenceNumber,
        data: Buffer.from(JSON.stringify(recordOf(place, time))).toString("base64"),
        approximateArrivalTimestamp: time / 1000 + 5 + place * 0.037,
      },
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: `shardId-000000000000:${sequenceNumber}`,
      eventName: "aws:kinesis:record",
      invokeIdentityArn: "arn:aws:iam::123456789012:role/lambda-role",
      awsRegion: "us-east-1",
      eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/observations",
    };
  });
  return { Records };
}

function recordOf(place: number, time: number) {
  return {
    data: { time: new Date(time).toISOString().replace(".000Z", "Z"), values: weatherOf(place, time) },
    location: {
      id: `place-${String(place).padStart(2, "0")}`,
      name: `Place ${place}`,
      lat: -30 - place / 16,
      lon: -51 - place / 32,
    },
    source: "tomorrow.io",
  };
}

/** Made up, all measures, with the decimals that Tomorrow.io answers with: seasons, days, showers and noise. */
function weatherOf(place: number, time: number): Values {
  const hours = time / HOUR_MS;
  const random = (hour: number, salt: number) =>
    fraction(Math.sin(hour * 12.9898 + place * 78.233 + salt * 37.719) * 43_758.5453);
  // From hour to hour anything, within the hour a tenth of it around the line between the two.
  const noise = (salt: number) => {
    const [hour, part] = [Math.floor(hours), fraction(hours)];
    const line = random(hour, salt) * (1 - part) + random(hour + 1, salt) * part;
    return part === 0 ? line : 0.9 * line + 0.1 * random(hours, salt + 100);
  };
  const ofDay = Math.sin(((hours - 9) / 24) * 2 * Math.PI);
  const ofYear = Math.cos((hours / 8766) * 2 * Math.PI);
  const isRaining = Math.sin(hours / 17 + place) + Math.sin(hours / 41 + place * 2) > 1.2;
  const temperature = 18 + 7 * ofYear + 5 * ofDay + 2 * noise(1);
  const humidity = 72 - 15 * ofDay + 10 * noise(2);
  const windSpeed = 2.5 + 1.5 * ofDay + 2 * noise(3);
  const cloudCover = isRaining ? 100 : Math.round(100 * noise(4));
  const pressure = 1013 + 6 * Math.sin(hours / 60 + place) + noise(5);
  return {
    altimeterSetting: round(pressure, 2),
    cloudBase: cloudCover < 30 ? null : round(0.3 + 2 * noise(6), 1),
    cloudCeiling: cloudCover < 60 ? null : round(0.5 + 4 * noise(7), 1),
    cloudCover,
    dewPoint: round(temperature - (100 - humidity) / 5, 1),
    freezingRainIntensity: 0,
    humidity: Math.round(humidity),
    precipitationProbability: isRaining ? 100 : Math.round(20 * noise(8)),
    pressureSeaLevel: round(pressure, 2),
    pressureSurfaceLevel: round(pressure - place, 2),
    rainIntensity: isRaining ? round(8 * noise(9) ** 3, 2) : 0,
    sleetIntensity: 0,
    snowIntensity: 0,
    temperature: round(temperature, 1),
    temperatureApparent: round(temperature + 1.5 * noise(10), 1),
    uvHealthConcern: Math.max(0, Math.round(4 * ofDay)),
    uvIndex: Math.max(0, Math.round(9 * ofDay)),
    visibility: round(isRaining ? 4 + 6 * noise(11) : 16, 1),
    weatherCode: isRaining ? 4001 : cloudCover > 50 ? 1001 : 1000,
    windDirection: Math.round(360 * noise(12)) % 360,
    windGust: round(windSpeed * (1.4 + noise(13)), 1),
    windSpeed: round(windSpeed, 1),
  };
}

function fraction(value: number): number {
  return value - Math.floor(value);
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
