import { expect } from "chai";
import { LIMITS } from "../../../local/lambda/mapping/configuration.ts";
import type { Backend, MappingSettings } from "../backend.ts";
import { linesOf } from "../line.ts";
import { declared, namesAfter, onMapping, order, orders, put } from "./orders.ts";

const FILTERS = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html";
const API = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html";

/** At the limit the setting is taken, one past it not. */
const limit =
  (at: MappingSettings, past: MappingSettings) =>
  async (backend: Backend): Promise<void> => {
    expect(await backend.rejectionOf(declared(at)), "at the limit").to.equal(undefined);
    expect(await backend.rejectionOf(declared(past)), "one past it").to.be.a("string");
  };

const MAXIMA: readonly (readonly [setting: string, maximum: number])[] = [
  ["BatchSize", LIMITS.batchSize],
  ["MaximumBatchingWindowInSeconds", LIMITS.batchingWindowSeconds],
  ["ParallelizationFactor", LIMITS.parallelizationFactor],
  ["MaximumRetryAttempts", LIMITS.retryAttempts],
  ["MaximumRecordAgeInSeconds", LIMITS.recordAgeSeconds],
];

export const SETTINGS = linesOf("Event-source mapping", [
  [
    "FilterCriteria: what no pattern matches, and what is not JSON, is left out",
    FILTERS,
    onMapping(
      {
        FilterCriteria: {
          Filters: [
            { Pattern: JSON.stringify({ data: { kind: ["rain"] } }) },
            { Pattern: JSON.stringify({ data: { amount: [{ numeric: [">", 10] }] } }) },
            { Pattern: JSON.stringify({ data: { place: [{ prefix: "porto-" }] } }) },
          ],
        },
      },
      async (world) => {
        await put(world, [
          order("a", { kind: "rain" }),
          order("b", { kind: "wind", amount: 10 }),
          order("c", { amount: 10.5 }),
          "no JSON",
          order("d", { place: "porto-alegre" }),
          order("e", { place: "lisboa" }),
        ]);
        expect(await namesAfter(world, 3), "records").to.deep.equal(["a", "c", "d"]);
      },
    ),
  ],
  [
    "A mapping that is disabled delivers nothing",
    API,
    onMapping({ Enabled: false }, async (world) => {
      await put(world, orders("a"));
      await world.linger(3);
      expect(await world.events(), "events").to.deep.equal([]);
    }),
  ],
  ...MAXIMA.map(
    ([setting, maximum]) =>
      [
        `${setting} is ${maximum.toLocaleString("en")} at most`,
        API,
        limit({ [setting]: maximum }, { [setting]: maximum + 1 }),
      ] as const,
  ),
  [
    `MaximumRecordAgeInSeconds is ${LIMITS.leastRecordAgeSeconds} at least, or -1`,
    API,
    limit(
      { MaximumRecordAgeInSeconds: LIMITS.leastRecordAgeSeconds },
      { MaximumRecordAgeInSeconds: LIMITS.leastRecordAgeSeconds - 1 },
    ),
  ],
]);
