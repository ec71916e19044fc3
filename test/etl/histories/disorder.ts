import fc from "fast-check";
import type { Location } from "../../../handlers/weather/observation/location.ts";
import type { Reading } from "../../handlers/support/inmet.ts";
import type { MemoryLake } from "../memory-lake.ts";
import { shardsOf } from "./any-history.ts";
import { type Arrival, deliver } from "./stream.ts";

/** Batches of one shard each, in the order in which the archive gets them. */
export type Batches = readonly (readonly Arrival[])[];

/** A stream as a bad month of the network brings it. */
export interface Disorder {
  /** 95 of 100 readings of each place, and a first, wrong version of some. */
  readonly prompt: Batches;
  /** 5 of 100, a day to 40 days after the others. */
  readonly late: Batches;
}

const LATE_SHARE = 0.05;
const CORRECTED_SHARE = 0.05;
const REPEATED_SHARE = 0.2;
/** Batches that come again, with other boundaries, for every one that comes once. */
const REDELIVERED_SHARE = 0.25;
/** Records; the archive's batches have up to 10,000. */
const BATCH_SIZES = [1, 20, 1000, 2000, 4000];
const SHARDS = 2;
const DAY_MS = 86_400_000;
/** After the last reading of all, so that nothing is from the future. */
const FIRST_ARRIVAL = Date.UTC(2024, 5, 1);

/** The readings in their order, once each: a second apart, in batches. */
export function inOrder(readings: readonly Reading[], place: Location): Batches {
  const arrivals = readings.map((reading, index) => ({
    shard: 0,
    arrivedAtMilliseconds: FIRST_ARRIVAL + index * 1000,
    observation: { place, ...reading },
  }));
  return shardsOf(arrivals).flatMap((shard) => cut(shard, [100]));
}

/**
 * The readings told by a number of places, by each in an order of its own: shuffled, repeated, corrected, late.
 * @param seeds of the places: the same seed gives a place the same records
 */
export function disorder(
  readings: readonly Reading[],
  seeds: readonly number[],
  placeOf: (seed: number) => Location,
): Disorder {
  const random = seeded(seeds.length);
  const shards = shardsOf(seeds.flatMap((seed) => recordsOf(readings, seed, placeOf(seed))));
  const isLate = ({ arrivedAtMilliseconds }: Arrival) => arrivedAtMilliseconds >= FIRST_ARRIVAL + DAY_MS;
  const batchesOf = (shard: readonly Arrival[]) => {
    const again = cut(shard, random.sizes());
    return [
      ...cut(shard, random.sizes()),
      ...random.some(again, Math.ceil(again.length * REDELIVERED_SHARE)),
    ];
  };
  const inAnyOrder = (which: (arrival: Arrival) => boolean) =>
    random.shuffle(shards.flatMap((shard) => batchesOf(shard.filter(which))));
  return { prompt: inAnyOrder((arrival) => !isLate(arrival)), late: inAnyOrder(isLate) };
}

/** What one place tells, with times of arrival: a wrong version before the right one, late ones days after. */
function recordsOf(readings: readonly Reading[], seed: number, place: Location) {
  const random = seeded(seed);
  const shard = random.below(SHARDS);
  const countOf = (share: number) => Math.ceil(readings.length * share);
  const shuffled = random.shuffle(readings);
  const late = shuffled.slice(0, countOf(LATE_SHARE));
  const inTime = shuffled.slice(late.length);
  const drafts = random.some(readings, countOf(CORRECTED_SHARE)).map(draftOf);
  const repeats = random.some(inTime, countOf(REPEATED_SHARE));
  const lateRepeats = random.some(late, countOf(REPEATED_SHARE * LATE_SHARE));

  const told = (from: number, everyMilliseconds: number) => (reading: Reading, index: number) => ({
    shard,
    arrivedAtMilliseconds: from + index * everyMilliseconds,
    observation: { place, ...reading },
  });
  return [
    ...drafts.map(told(FIRST_ARRIVAL, 1000)),
    ...random.shuffle([...inTime, ...repeats]).map(told(FIRST_ARRIVAL + 3_600_000, 1000)),
    ...random.shuffle([...late, ...lateRepeats]).map(told(FIRST_ARRIVAL + DAY_MS, 1.8 * DAY_MS)),
  ];
}

export async function deliverAll(lake: MemoryLake, batches: Batches): Promise<void> {
  for (const batch of batches) await deliver(lake, batch);
}

/** Figures that must not be left over once the right ones are there. */
function draftOf({ time, values }: Reading): Reading {
  return { time, values: { ...values, temperature: 99, visibility: 1 } };
}

function cut(shard: readonly Arrival[], sizes: readonly number[]): (readonly Arrival[])[] {
  const batches: (readonly Arrival[])[] = [];
  for (let from = 0; from < shard.length; ) {
    const size = sizes[batches.length % sizes.length] ?? 1;
    batches.push(shard.slice(from, from + size));
    from += size;
  }
  return batches;
}

function seeded(seed: number) {
  let draws = 0;
  const draw = <Value>(arbitrary: fc.Arbitrary<Value>): Value => {
    const [value] = fc.sample(arbitrary, { seed: seed * 1000 + draws++, numRuns: 1 });
    return value as Value;
  };
  const some = <Item>(items: readonly Item[], count: number): Item[] =>
    draw(fc.shuffledSubarray([...items], { minLength: count, maxLength: count }));
  return {
    some,
    shuffle: <Item>(items: readonly Item[]): Item[] => some(items, items.length),
    below: (limit: number): number => draw(fc.nat(limit - 1)),
    sizes: (): number[] => draw(fc.array(fc.constantFrom(...BATCH_SIZES), { minLength: 50, maxLength: 50 })),
  };
}
