import { expect } from "chai";
import fc from "fast-check";
import { portoAlegre, rioGrande } from "../handlers/support/places.ts";
import { anyHistory, arrivalsOf, type Delivery, type History, shardsOf } from "./histories/any-history.ts";
import { createGoldReader, type GoldReader } from "./histories/gold-reader.ts";
import { naiveGold } from "./histories/naive-gold.ts";
import { optionsOf } from "./histories/options.ts";
import { copyOf, expectUpToDate, HOW_MANY_HISTORIES, type Runs, runChecked } from "./histories/run.ts";
import { type Hooks, killAt } from "./histories/stepped-lake.ts";
import { type Arrival, deliver } from "./histories/stream.ts";
import { createMemoryLake, type MemoryLake } from "./memory-lake.ts";

describe("gold", () => {
  let reader: GoldReader;
  let runs: Runs<Arrival>;

  before(async () => {
    reader = await createGoldReader("observations");
    runs = { options: await optionsOf("observations"), reader, naive: naiveGold };
  });
  after(() => reader?.close());

  const run = (lake: MemoryLake, archived: readonly Arrival[], hooks?: Hooks) =>
    runChecked(runs, lake, archived, hooks);

  it("is what was told last, whatever the order, repetition, refusals and crashes", async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const lake = createMemoryLake();
        const archived: Arrival[] = [];
        const take = async ({ batchSize, putFails, ...delivery }: Delivery) => {
          const arrivals = arrivalsOf(history, { batchSize, putFails, ...delivery });
          archived.push(...(await deliver(lake, arrivals, { batchSize, putFails })));
        };
        for (const step of history.steps) {
          if (step.kind === "deliver") await take(step.delivery);
          else if (step.kind === "run") await run(lake, archived);
          else if (step.kind === "killed run") await run(lake, archived, killAt(step.step, step.when));
          else {
            await run(lake, archived, {
              beforeStep: (index) => (index === step.step ? take(step.delivery) : undefined),
            });
          }
        }
        await deliverRest(lake, history, archived);
        await run(lake, history.shards.flat());
        await expectUpToDate(runs, lake, history.shards.flat());
      }),
      HOW_MANY_HISTORIES,
    );
  });

  describe("of a run that is killed between any two steps", () => {
    const DAY = "2024-04-29";
    const early = [
      arrival({ time: `${DAY}T00:00:00Z`, temperature: 1 }),
      arrival({ time: `${DAY}T23:59:59Z`, temperature: 2 }),
      arrival({ time: "2024-04-30T11:00:00Z", temperature: 3 }),
    ];
    const late = [
      arrival({ time: `${DAY}T00:00:00Z`, temperature: 1.5, daysLate: 40 }),
      arrival({ time: `${DAY}T11:30:00Z`, temperature: 4, daysLate: 39 }),
      arrival({ time: "2024-05-01T11:30:00Z", temperature: 5 }),
    ];
    const [[...arrivals] = []] = shardsOf([...early, ...late]);
    const first = arrivals.filter(
      ({ arrivedAtMilliseconds }) => arrivedAtMilliseconds < Date.UTC(2024, 4, 1),
    );
    const rest = arrivals.filter((record) => !first.includes(record));

    /**
     * Kills copies of the lake's next run before each of its steps and after the last; every copy then runs again.
     * @returns the writes of gold
     */
    async function killEverywhere(lake: MemoryLake): Promise<string[]> {
      const steps: string[] = [];
      await run(copyOf(lake), arrivals, { afterStep: (_, name) => void steps.push(name) });
      const last = steps.length - 1;
      for (const hooks of [...steps.map((_, step) => killAt(step, "before")), killAt(last, "after")]) {
        const copy = copyOf(lake);
        await run(copy, arrivals, hooks);
        await run(copy, arrivals);
      }
      return steps.filter((name) => name.startsWith("write gold/"));
    }

    it("is the old day or the new one, when late records, a correction and a new day came", async () => {
      const lake = createMemoryLake();
      await deliver(lake, first);
      await run(lake, first);
      await deliver(lake, rest);

      expect(await killEverywhere(lake)).to.deep.equal(
        [DAY, "2024-05-01"].map((day) => `write gold/observations/day=${day}/observations.parquet`),
      );
    });
  });
});

function arrival({ time = "", temperature = 0, daysLate = 0 }) {
  const arrivedAtMilliseconds = Date.parse(time) + daysLate * 86_400_000 + 5000;
  const observation = { place: temperature > 1 ? rioGrande : portoAlegre, time, values: { temperature } };
  return { shard: 0, arrivedAtMilliseconds, observation };
}

/** Delivers every record that never came, or whose object was refused. */
async function deliverRest(lake: MemoryLake, { shards, lastBatchSize }: History, archived: Arrival[]) {
  const came = new Set(archived);
  for (const shard of shards) {
    const rest = shard.filter((record) => !came.has(record));
    archived.push(...(await deliver(lake, rest, { batchSize: lastBatchSize })));
  }
}
