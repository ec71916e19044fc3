import { expect } from "chai";
import fc from "fast-check";
import { container, createWorld, expectWhole, stormyDay, type World } from "./support/alert-world.ts";
import { createTurns, throughGate, troubledGate } from "./support/awaits.ts";
import { type Incoming, kinesisEvent } from "./support/kinesis-event.ts";

const languages = ["pt-BR", "en"] as const;
const day = stormyDay();

interface Run {
  readonly batches: { readonly a: readonly Incoming[]; readonly b: readonly Incoming[] };
  /** Whose turn it is, await by await; the last one then goes on to its end, and the other after it. */
  readonly schedule: readonly ("a" | "b")[];
  /** The await at which `a` dies. */
  readonly diesAt?: number;
}

/** Two containers over one place, as after resharding; afterwards the stream delivers again what they did not take. */
async function overlap(world: World, { batches, schedule, diesAt }: Run): Promise<void> {
  const turns = createTurns();
  const death =
    diesAt === undefined ? undefined : { atAwait: diesAt, takesEffect: true, kind: "death" as const };
  const dying = troubledGate(death);
  const untaken: (readonly Incoming[])[] = [];
  const work = (name: "a" | "b") => async () => {
    const gated = throughGate(world, turns.gate(name));
    const clients = name === "a" ? throughGate(gated, dying.gate) : gated;
    const { batchItemFailures } = await container(clients, { languages })(kinesisEvent(batches[name]));
    if (batchItemFailures.length > 0) untaken.push(batches[name]);
  };
  await turns.run({ a: work("a"), b: work("b") }, schedule);
  for (const batch of untaken) {
    const again = await container(world, { languages })(kinesisEvent(batch));
    expect(again.batchItemFailures, "nobody is in the way any more").to.deep.equal([]);
  }
}

const times = <const Name>(count: number, name: Name): Name[] => Array.from({ length: count }, () => name);

/** A world in which one container had the place to itself, and how many awaits it had. */
async function alone(batch: readonly Incoming[]): Promise<{ world: World; awaits: number }> {
  const world = createWorld();
  const counting = troubledGate();
  await container(throughGate(world, counting.gate), { languages })(kinesisEvent(batch));
  return { world, awaits: counting.awaits() };
}

describe("the alert handler in two containers at once", () => {
  it("loses nothing and repeats one message at most, wherever the other comes between", async () => {
    const batch = day.slice(0, 2); // two hazards start at once
    const { world: undisturbed, awaits } = await alone(batch);
    let runs = 0;
    for (let first = 0; first <= awaits; first++) {
      for (let second = 0; second <= awaits; second++) {
        const world = createWorld();
        const schedule = [...times(first, "a"), ...times(second, "b"), "a" as const];
        await overlap(world, { batches: { a: batch, b: batch }, schedule });
        expectWhole(world, undisturbed, 1, `${first} awaits of a, ${second} of b`);
        runs += 1;
      }
    }
    expect(runs).to.equal((awaits + 1) ** 2);
  });

  const order = fc.array(fc.constantFrom("a" as const, "b" as const), { minLength: 1, maxLength: 90 });

  it("does so in any order of their awaits, and when one has more of the stream than the other", async () => {
    const { world: undisturbed } = await alone(day);
    const part = fc.integer({ min: 1, max: day.length });
    await fc.assert(
      fc.asyncProperty(order, part, async (schedule, records) => {
        const world = createWorld();
        await overlap(world, { batches: { a: day.slice(0, records), b: day }, schedule });
        expectWhole(world, undisturbed, 1, `${records} records, ${schedule.join("")}`);
      }),
    );
  });

  it("leaves to the winner of a race what it is publishing, and repeats nothing", async () => {
    const { world: undisturbed } = await alone(day.slice(0, 3));
    const world = createWorld();
    // Both find no state; a's decision is saved, b's is refused and b reads what a has saved; then b could go on.
    const schedule = ["b", "a", "a", ...times(4, "b"), "a"] as const;
    await overlap(world, { batches: { a: day.slice(0, 2), b: day.slice(0, 3) }, schedule });
    expectWhole(world, undisturbed, 0, "a lost race");
  });

  it("repeats one message more at most when one of them dies as well", async () => {
    const { world: undisturbed, awaits } = await alone(day);
    const death = fc.integer({ min: 1, max: awaits });
    await fc.assert(
      fc.asyncProperty(order, death, async (schedule, diesAt) => {
        const world = createWorld();
        await overlap(world, { batches: { a: day, b: day }, schedule, diesAt });
        expectWhole(world, undisturbed, 2, `a dies at await ${diesAt}, ${schedule.join("")}`);
      }),
    );
  });
});
