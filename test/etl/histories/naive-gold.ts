import { FIELDS, MEASURES } from "../../../handlers/weather/fields.ts";
import type { Arrival, Observation } from "./stream.ts";

/** A row of gold by column; times as milliseconds since the epoch. */
export type GoldRow = Readonly<Record<string, string | number | null>>;
/** Rows by UTC day, in the order of place and time. A day without rows is absent. */
export type Gold = ReadonlyMap<string, readonly GoldRow[]>;

interface Told {
  row: GoldRow;
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
    const entry = told.get(key) ?? { row: {}, records: new Set() };
    entry.records.add(`${shardId} ${sequenceNumber}`);
    entry.row = rowOf(observation, arrival);
    told.set(key, entry);
  }
  const rows = [...told.values()].map(
    ({ row, records }) => ({ ...row, deliveries: records.size }) as GoldRow,
  );
  return new Map([...Map.groupBy(rows.sort(byPlaceAndTime), dayOf)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function rowOf({ place, values, ...observation }: Observation, arrival: Arrival): GoldRow {
  const measures = FIELDS.map((field) => {
    const { column, type } = MEASURES[field];
    const value = values[field] ?? null;
    return [column, value !== null && type === "integer" ? Math.floor(value) : value];
  });
  return {
    location: place.id,
    location_name: place.name,
    latitude: place.latitude,
    longitude: place.longitude,
    observed_at: secondOf(observation) * 1000,
    ...Object.fromEntries(measures),
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
