import { expect } from "chai";
import fc from "fast-check";
import { type RebuildOptions, rebuild } from "../../etl/rebuild.ts";
import { portoAlegre, rioGrande } from "../handlers/support/places.ts";
import { anyHistory, arrivalsOf, type Delivery, type History, shardsOf } from "./histories/any-history.ts";
import { createGoldReader, type GoldReader } from "./histories/gold-reader.ts";
import { type Gold, naiveGold } from "./histories/naive-gold.ts";
import { observationsOptions } from "./histories/options.ts";
import { type Hooks, Killed, killAt, steppedLake } from "./histories/stepped-lake.ts";
import { type Arrival, deliver } from "./histories/stream.ts";
import { createMemoryLake, type MemoryLake } from "./memory-lake.ts";

/** How many histories; more for a soak: `HISTORIES=2000 npx mocha --timeout 0 test/etl/histories.test.ts`. */
const HISTORIES = Number(process.env.HISTORIES ?? 25);
/** Plays the histories of a failure again: the seed that it printed. */
const SEED = process.env.HISTORIES_SEED === undefined ? {} : { seed: Number(process.env.HISTORIES_SEED) };

describe("gold", () => {
  let options: RebuildOptions;
  let reader: GoldReader;

  before(async () => {
    options = await observationsOptions();
    reader = await createGoldReader();
  });
  after(() => reader.close());

  /** Runs the ETL; every day must then be as it was or as what is archived when the run lists it says. */
  async function run(lake: MemoryLake, archived: readonly Arrival[], { beforeStep, afterStep }: Hooks = {}) {
    const old = await reader.read(lake);
    let told = archived.length;
    const stepped = steppedLake(lake, {
      beforeStep,
      afterStep: (index, name) => {
        if (name === "list raw/") told = archived.length;
        return afterStep?.(index, name);
      },
    });
    const killed = await rebuild(stepped, options).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Killed) return true;
        throw error;
      },
    );
    const expected = naiveGold(archived.slice(0, told));
    const found = await reader.read(lake);
    if (killed) expectOldOrNew(found, old, expected);
    else expect(found).to.deep.equal(expected);
  }

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

        const writes = lake.journal.length;
        await run(lake, history.shards.flat());
        expect(lake.journal.slice(writes), "written by a run that had nothing to do").to.deep.equal([]);
      }),
      { numRuns: HISTORIES, ...SEED },
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

function expectOldOrNew(found: Gold, old: Gold, expected: Gold): void {
  for (const day of new Set([...found.keys(), ...old.keys(), ...expected.keys()])) {
    const rows = found.get(day);
    if (!isSame(rows, old.get(day))) expect(rows, `${day} after a crash`).to.deep.equal(expected.get(day));
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function copyOf({ objects }: MemoryLake): MemoryLake {
  const copy = createMemoryLake();
  for (const [key, body] of objects) copy.objects.set(key, body);
  return copy;
}
