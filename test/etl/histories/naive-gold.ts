import { FIELDS, MEASURES } from "../../../handlers/weather/observation/fields.ts";
import { assess, flagsText } from "../../../handlers/weather/observation/quality/assess.ts";
import { naiveChecks } from "./naive-checks.ts";
import type { Arrival, Observation } from "./stream.ts";

/** A row of gold by column; times as milliseconds since the epoch. */
export type GoldRow = Readonly<Record<string, string | number | null>>;
/** Rows by UTC day, in the order of place and time. A day without rows is absent. */
export type Gold = ReadonlyMap<string, readonly GoldRow[]>;

/** What was observed at a place and second, as it came. */
export interface Reading {
  readonly seconds: number;
  readonly values: Observation["values"];
}

interface Told {
  row: GoldRow;
  reading: Reading;
  readonly records: Set<string>;
}

/**
 * Gold of what was archived, as one would write it without knowing of batches, objects or engines: a map of place and
 * second in which records are told in the order of their arrival. The same record may be given any number of times.
 */
export function naiveGold(archived: readonly Arrival[]): Gold {
  const told = new Map<string, Told>();
  for (const arrival of [...archived].sort(byArrival)) {
    const { observation, shardId, sequenceNumber } = arrival;
    if (observation === undefined) continue;
    const key = `${observation.place.id} ${secondOf(observation)}`;
    const records = told.get(key)?.records ?? new Set();
    records.add(`${shardId} ${sequenceNumber}`);
    const reading = { seconds: secondOf(observation), values: observation.values };
    told.set(key, { row: rowOf(observation, arrival), reading, records });
  }
  const days = Map.groupBy(told.values(), ({ row }) => `${row.location} ${dayOf(row)}`);
  const rows = [...days.values()].flatMap(rowsOfDay);
  return new Map([...Map.groupBy(rows.sort(byPlaceAndTime), dayOf)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Rows of one place and day, with the measures that no check flags. */
function rowsOfDay(told: readonly Told[]): GoldRow[] {
  const inOrder = [...told].sort((a, b) => a.reading.seconds - b.reading.seconds);
  const overTime = naiveChecks(inOrder.map(({ reading }) => reading));
  return inOrder.map(({ row, reading, records }, index) => {
    const { values, flags } = assess(reading.values);
    const later = overTime[index] ?? {};
    const measures = FIELDS.map((field) => {
      const { column, type } = MEASURES[field];
      const value = values[field] ?? null;
      if (value === null || flags[field] !== undefined || later[field] !== undefined) return [column, null];
      return [column, type === "integer" ? Math.floor(value) : value];
    });
    const texts = [flagsText(reading.values, flags), ...Object.values(later)].filter((text) => text !== "");
    return {
      ...row,
      ...Object.fromEntries(measures),
      flags: texts.length === 0 ? null : texts.join("; "),
      deliveries: records.size,
    };
  });
}

function rowOf({ place, ...observation }: Observation, arrival: Arrival): GoldRow {
  return {
    location: place.id,
    location_name: place.name,
    latitude: place.latitude,
    longitude: place.longitude,
    observed_at: secondOf(observation) * 1000,
    source: "tomorrow.io",
    arrived_at: arrival.arrivedAtMilliseconds,
  };
}

function secondOf({ time }: Pick<Observation, "time">): number {
  return Math.floor(Date.parse(time) / 1000);
}

function dayOf({ observed_at }: GoldRow): string {
  return new Date(Number(observed_at)).toISOString().slice(0, 10);
}

function byPlaceAndTime(a: GoldRow, b: GoldRow): number {
  return (
    compare(String(a.location), String(b.location)) || compare(Number(a.observed_at), Number(b.observed_at))
  );
}

/** Kinesis numbers the records of a shard in the order of their arrival; two shards may take records at once. */
function byArrival(a: Arrival, b: Arrival): number {
  return (
    compare(a.arrivedAtMilliseconds, b.arrivedAtMilliseconds) ||
    compare(BigInt(a.sequenceNumber), BigInt(b.sequenceNumber)) ||
    compare(a.shardId, b.shardId)
  );
}

function compare<Value extends string | number | bigint>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
