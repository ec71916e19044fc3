import { expect } from "chai";
import type { AlertOptions } from "../../handlers/alert.ts";
import {
  container,
  createWorld,
  expectWhole,
  gust,
  messagesOf,
  rain,
  stormyDay,
  type World,
} from "./support/alert-world.ts";
import { type Trouble, type TroubledGate, throughGate, troubledGate } from "./support/awaits.ts";
import { type Incoming, kinesisEvent } from "./support/kinesis-event.ts";
import { rioGrande } from "./support/places.ts";

interface Scenario extends Pick<AlertOptions, "languages"> {
  readonly name: string;
  readonly rules?: AlertOptions["rules"];
  readonly batches: readonly (readonly Incoming[])[];
  readonly announcements: number;
}

const day = stormyDay();
const scenarios: Scenario[] = [
  { name: "one language", languages: ["pt-BR"], batches: [day], announcements: 5 },
  { name: "two languages", languages: ["pt-BR", "en"], batches: [day], announcements: 10 },
  {
    name: "two languages, batch after batch",
    languages: ["pt-BR", "en"],
    batches: [day.slice(0, 2), day.slice(2, 3), day.slice(3)],
    announcements: 10,
  },
  {
    name: "two places at once",
    languages: ["pt-BR", "en"],
    batches: [[...day, ...stormyDay(rioGrande)]],
    announcements: 20,
  },
  {
    name: "all-clears left to the digest",
    languages: ["pt-BR"],
    rules: [gust, rain].map((rule) => ({ ...rule, allClear: "digest" as const })),
    batches: [day],
    announcements: 3,
  },
];

/**
 * The stream: each batch again and again until it is taken, by a fresh container once one has died. The first trouble
 * meets the first container, and so on.
 */
async function stream(
  { languages, rules = [gust, rain], batches }: Scenario,
  world: World,
  ...troubles: Trouble[]
) {
  const gates: TroubledGate[] = [];
  const startContainer = () => {
    const gate = troubledGate(troubles[gates.length]);
    gates.push(gate);
    return { gate, handler: container(throughGate(world, gate.gate), { languages, rules }) };
  };
  let { gate, handler } = startContainer();
  for (const batch of batches) {
    for (let deliveries = 1; ; deliveries++) {
      const { batchItemFailures } = await handler(kinesisEvent(batch));
      if (gate.isDead()) ({ gate, handler } = startContainer());
      else if (batchItemFailures.length === 0) break;
      if (deliveries > MAX_DELIVERIES) throw new Error("a batch fails again and again");
    }
  }
  return { awaits: gates[0]?.awaits() ?? 0, met: gates.filter((each) => each.hasMet()).length };
}

/** One delivery each for two deaths and one that comes through. */
const MAX_DELIVERIES = 3;

describe("the alert handler, killed at every await", () => {
  for (const scenario of scenarios) {
    describe(scenario.name, () => {
      let undisturbed: World;
      let awaits: number;

      before(async () => {
        undisturbed = createWorld();
        ({ awaits } = await stream(scenario, undisturbed));
      });

      it("tells everything once when nothing happens", () => {
        const sent = messagesOf(undisturbed);
        expect([sent.length, new Set(sent).size]).to.deep.equal([
          scenario.announcements,
          scenario.announcements,
        ]);
      });

      for (const kind of ["death", "error"] as const) {
        for (const takesEffect of [false, true]) {
          it(`comes to the same after one ${kind} ${takesEffect ? "after" : "before"} the effect`, async () => {
            let atAwait = 1;
            for (; ; atAwait++) {
              const world = createWorld();
              const { met } = await stream(scenario, world, { atAwait, takesEffect, kind });
              if (met === 0) break;
              expectWhole(world, undisturbed, 1, `${kind} at await ${atAwait} of ${awaits}`);
            }
            expect(atAwait - 1, "every await was tried").to.equal(awaits);
          });
        }
      }
    });
  }

  it("repeats one message a death at most when the one that takes over dies too", async () => {
    const scenario: Scenario = {
      name: "",
      languages: ["pt-BR"],
      batches: [day.slice(0, 3)],
      announcements: 3,
    };
    const undisturbed = createWorld();
    const { awaits } = await stream(scenario, undisturbed);
    let secondDeaths = 0;
    for (let first = 1; first <= awaits; first++) {
      for (let second = 1; ; second++) {
        const world = createWorld();
        const deaths = [first, second].map(
          (atAwait): Trouble => ({ atAwait, takesEffect: true, kind: "death" }),
        );
        const { met } = await stream(scenario, world, ...deaths);
        expectWhole(world, undisturbed, met, `deaths at awaits ${first} and ${second}`);
        if (met < 2) break;
        secondDeaths += 1;
      }
    }
    expect(secondDeaths).to.be.above(awaits);
  });
});
