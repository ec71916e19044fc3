import { expect } from "chai";
import { linesOf } from "../line.ts";
import { batchesOf, namesAfter, namesOf, onMapping, order, orders, poison, put } from "./orders.ts";

const POLLING = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html";
const PARAMETERS = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html";

/** Hash keys in the first and in the second of two shards. */
const [FIRST, SECOND] = ["0", String(2n ** 127n)];

export const BATCHES = linesOf("Event-source mapping", [
  [
    "A batch has BatchSize records at most, in the order of the shard",
    PARAMETERS,
    onMapping({ BatchSize: 2 }, async (world) => {
      await put(world, orders("a", "b", "c", "d", "e"));
      expect(await namesAfter(world, 5), "records").to.deep.equal(["a", "b", "c", "d", "e"]);
      const sizes = (await batchesOf(world)).map(({ length }) => length);
      expect(Math.max(...sizes), "largest batch").to.equal(2);
    }),
  ],
  [
    "A batch that is not full waits for MaximumBatchingWindowInSeconds",
    PARAMETERS,
    onMapping({ BatchSize: 10, MaximumBatchingWindowInSeconds: 5 }, async (world) => {
      await world.pass(12, {
        at: [
          [0, () => put(world, orders("a"))],
          [2.5, () => put(world, orders("b"))],
        ],
        until: async () => (await namesOf(world)).length >= 2,
      });
      expect(await batchesOf(world), "batches").to.deep.equal([["a", "b"]]);
    }),
  ],
  [
    "A batch that fails is retried, and holds back what is behind it in its shard",
    POLLING,
    onMapping({ BatchSize: 1 }, async (world) => {
      await put(world, [order("a", { fails: 2 }), order("b")]);
      expect(await namesAfter(world, 4), "records").to.deep.equal(["a", "a", "a", "b"]);
    }),
  ],
  [
    "Shards are worked on side by side: one that fails does not hold back another",
    POLLING,
    onMapping(
      { BatchSize: 1, MaximumRetryAttempts: 5 },
      async (world) => {
        // Each shard has a poller, and each may take its time to start.
        for (const shard of [FIRST, SECOND]) await put(world, orders("warm-up"), shard);
        await namesAfter(world, 2);

        await put(world, [poison()], FIRST);
        await world.pass(0.5, { at: [[0.2, () => put(world, orders("other"), SECOND)]] });
        const isBefore = (names: readonly string[]) =>
          names.includes("other") && names.indexOf("other") < names.lastIndexOf("poison");
        await world.pass(8, { until: async () => isBefore(await namesOf(world)) });

        const names = await namesOf(world);
        expect(names, "records").to.include("other");
        expect(isBefore(names), `the other while the first is retried: ${names}`).to.equal(true);
      },
      2,
    ),
  ],
  [
    "ParallelizationFactor: a partition key that fails does not hold back the shard's other keys",
    PARAMETERS,
    onMapping({ BatchSize: 1, ParallelizationFactor: 10, MaximumRetryAttempts: 5 }, async (world) => {
      const others = Array.from({ length: 12 }, (_, index) => order(`other ${index}`, { key: `k${index}` }));
      await put(world, [poison(), ...others]);
      const meanwhile = async () => {
        const names = await namesOf(world);
        return names.slice(0, Math.max(0, names.lastIndexOf("poison"))).filter((name) => name !== "poison")
          .length;
      };
      await world.pass(8, { until: async () => (await meanwhile()) > 5 });
      expect(await meanwhile(), "others meanwhile").to.be.above(5);
    }),
  ],
]);
