import fc from "fast-check";
import { FIELDS } from "../../../handlers/weather/observation/fields.ts";
import { portoAlegre, rioGrande } from "../../handlers/support/places.ts";
import type { Arrival, Observation } from "./stream.ts";

/** What a source may send in place of a number. */
export const ODD_VALUES = [
  "12.5",
  "+5",
  "1E1",
  "1d",
  "NaN",
  " 5",
  "5\n",
  "1e400",
  "0x10",
  "1_0",
  "5.",
  "",
  "warm",
  true,
  [5],
  { x: 5 },
];

/** Records of one shard from a place in its order on; places and counts beyond its end wrap around. */
export interface Delivery {
  readonly shard: number;
  readonly from: number;
  readonly count: number;
  readonly batchSize: number;
  /** The put of every batch that S3 refuses; none when the batch has fewer. */
  readonly putFails: number;
}

/** What may happen while records come in. */
export type Step =
  | { readonly kind: "deliver"; readonly delivery: Delivery }
  | { readonly kind: "run" }
  | { readonly kind: "killed run"; readonly step: number; readonly when: "before" | "after" }
  | { readonly kind: "run during a delivery"; readonly step: number; readonly delivery: Delivery };

export interface History {
  /** By shard, in the order of the stream. */
  readonly shards: readonly (readonly Arrival[])[];
  readonly steps: readonly Step[];
  /** Of the batches in which all that never came is delivered at the end. */
  readonly lastBatchSize: number;
}

const FIRST_DAY = Date.UTC(2024, 3, 29);
const DAY_MS = 86_400_000;
const LATEST_MS = 40 * DAY_MS;
const SHARDS = 2;
const figure = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -60, max: 5000 }),
  // JSON knows no -0.
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0),
);

/** Numbers in text, of which some are none, and other types. Engines read such text differently: `1d` is 1 for Java. */
const odd = fc.constantFrom<unknown>(...ODD_VALUES);

/** Within the limits of the measures that are checked over time, and often far from each other. */
const checked = fc.record({
  temperature: fc.constantFrom(0, 19.5, 20, 40),
  humidity: fc.constantFrom(20, 70, 71),
  rainIntensity: fc.constantFrom(0, 1, 600, 800.5),
  pressureSurfaceLevel: fc.constantFrom(1000, 1015, 1015.5, 1016),
});

const any: fc.Arbitrary<Observation["values"]> = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom(...FIELDS, "pollenIndex", "Temperature", "RAININTENSITY"),
      fc.oneof({ weight: 8, arbitrary: figure }, { weight: 1, arbitrary: odd }),
    ),
    { selector: ([field]) => field, maxLength: 4 },
  )
  .map((entries) => Object.fromEntries(entries));

const values = fc.oneof<fc.Arbitrary<Observation["values"]>[]>(any, checked);

/** Few places and times, so that most are told several times; the first and the last second of days among them. */
const key = fc
  .record({
    place: fc.constantFrom(portoAlegre, rioGrande),
    day: fc.nat(2),
    time: fc.constantFrom(
      "00:00:00Z",
      "00:00:00.250Z",
      "10:30:00Z",
      "11:30:00Z",
      "11:59:59Z",
      "13:30:00Z",
      "23:59:59Z",
      "23:59:59.999Z",
      "22:30:00-03:00",
      "05:00:00+05:30",
    ),
  })
  .map(({ place, day, time }) => {
    const date = new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10);
    return { place, time: `${date}T${time}` };
  });

/** Milliseconds from an observation to its arrival. Few different ones are often the same: then the order decides. */
const delay = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 5000) },
  { weight: 1, arbitrary: fc.constantFrom(250, DAY_MS, LATEST_MS) },
  { weight: 1, arbitrary: fc.nat({ max: LATEST_MS }) },
);

const shard = fc.nat(SHARDS - 1);

/** A version of an observation with the producer's retries: the same again, as records of their own. */
const version = fc.record({
  values,
  arrivals: fc.array(fc.record({ delay, shard }), { minLength: 1, maxLength: 3 }),
});

/** What is told of a place and time: a version, and corrections of it. */
const told = fc
  .record({ key, versions: fc.array(version, { minLength: 1, maxLength: 3 }) })
  .map(({ key, versions }) =>
    versions.flatMap(({ values, arrivals }) =>
      arrivals.map(({ delay, shard }) => ({
        shard,
        arrivedAtMilliseconds: Date.parse(key.time) + delay,
        observation: { ...key, values },
      })),
    ),
  );

const garbage = fc
  .record({
    garbage: fc.constantFrom(
      "",
      "{",
      "[]",
      '{"data":{"time":"yesterday","values":{}}}',
      record("1999-12-31T23:59:59Z", "{}"),
      record("2025-04-29T11:30:00Z", "{}"),
      record("2024-04-29 11:30:00", "{}"),
    ),
    day: fc.nat(40),
    shard,
  })
  .map(({ day, ...rest }) => [{ ...rest, arrivedAtMilliseconds: FIRST_DAY + day * DAY_MS }]);

function record(time: string, values: string): string {
  return `{"data":{"time":"${time}","values":${values}},"location":{"id":"porto-alegre","name":"Porto Alegre","lat":-30,"lon":-51},"source":"tomorrow.io"}`;
}

const delivery: fc.Arbitrary<Delivery> = fc.record({
  shard,
  from: fc.oneof(fc.nat(3), fc.nat(60)),
  count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 60 })),
  batchSize: fc.constantFrom(1, 2, 5, 100, 100),
  putFails: fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(4) }),
});

/** A run has a dozen steps and more for each stale day. */
const runStep = fc.nat(60);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("deliver"), delivery }) },
  { weight: 1, arbitrary: fc.constant({ kind: "run" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("killed run"),
      step: runStep,
      when: fc.constantFrom("before", "after"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("run during a delivery"), step: runStep, delivery }),
  },
);

export const anyHistory: fc.Arbitrary<History> = fc
  .record({
    told: fc.array(fc.oneof({ weight: 8, arbitrary: told }, { weight: 1, arbitrary: garbage }), {
      minLength: 1,
      maxLength: 20,
    }),
    steps: fc.array(step, { minLength: 1, maxLength: 12 }),
    lastBatchSize: fc.constantFrom(1, 7, 100),
  })
  .map(({ told, ...rest }) => ({ ...rest, shards: shardsOf(told.flat(), lengthening) }));

type Unnumbered = Omit<Arrival, "shardId" | "sequenceNumber"> & { readonly shard: number };

/** The records as the shards of a stream took them: numbered in the order of their arrival, by default from 100000 on. */
export function shardsOf(
  arrivals: readonly Unnumbered[],
  sequenceNumber = (index: number) => String(100_000 + index),
): Arrival[][] {
  const byShard = Map.groupBy(arrivals, ({ shard }) => shard);
  return [...byShard].map(([number, members]) =>
    members
      .toSorted((a, b) => a.arrivedAtMilliseconds - b.arrivedAtMilliseconds)
      .map(({ shard: _, ...arrival }, index) => ({
        ...arrival,
        shardId: `shardId-${String(number).padStart(12, "0")}`,
        sequenceNumber: sequenceNumber(index),
      })),
  );
}

/** 8, 9, 10, 11, 98, 99, 100, …: every other step sorts the wrong way as text. */
function lengthening(index: number): string {
  return String(10n ** BigInt(Math.floor(index / 4) + 1) - 2n + BigInt(index % 4));
}

/** The records of a delivery, in their order. */
export function arrivalsOf({ shards }: History, { shard, from, count }: Delivery): readonly Arrival[] {
  const arrivals = shards[shard % shards.length] ?? [];
  const start = from % arrivals.length;
  return arrivals.slice(start, start + count);
}
