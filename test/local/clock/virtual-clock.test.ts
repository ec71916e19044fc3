import { expect } from "chai";
import * as fc from "fast-check";
import { createVirtualClock } from "../../../local/clock/virtual-clock.ts";

const START = new Date("2024-04-29T00:00:00Z");
const plus = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("virtual clock", () => {
  it("runs tasks by time, those of one time in order of scheduling, each awaited", async () => {
    const clock = createVirtualClock({ start: START });
    const ran: string[] = [];
    const task = (name: string) => async () => {
      ran.push(`${name} starts`);
      await new Promise((resolve) => setImmediate(resolve));
      ran.push(`${name} ends ${(clock.now().getTime() - START.getTime()) / 1000}`);
    };
    clock.at(plus(60), task("b"));
    clock.at(plus(60), task("c"));
    clock.at(plus(5), task("a"));

    await clock.run({ speed: "max" });

    expect(ran).to.deep.equal(["a starts", "a ends 5", "b starts", "b ends 60", "c starts", "c ends 60"]);
  });

  it("runs background tasks up to and including until, then drains the foreground without them", async () => {
    const clock = createVirtualClock({ start: START });
    const ran: string[] = [];
    const fire = (seconds: number): void => {
      clock.at(plus(seconds), () => fired(seconds), { background: true });
    };
    const fired = (seconds: number): void => {
      ran.push(`fire ${seconds}`);
      clock.at(plus(seconds + 45), () => {
        ran.push(`flush ${seconds + 45}`);
      });
      fire(seconds + 60);
    };
    fire(0);

    await clock.run({ speed: "max", until: plus(120) });

    expect(ran).to.deep.equal(["fire 0", "flush 45", "fire 60", "flush 105", "fire 120", "flush 165"]);
    expect(clock.now()).to.deep.equal(plus(165));
  });

  it("ends at until without tasks, and continues from there in a second run", async () => {
    const clock = createVirtualClock({ start: START });
    await clock.run({ speed: "max", until: plus(30) });
    expect(clock.now()).to.deep.equal(plus(30));

    const ran: Date[] = [];
    clock.at(plus(1), () => {
      ran.push(clock.now());
    });
    await clock.run({ speed: "max" });

    expect(ran).to.deep.equal([plus(30)]);
  });

  it("removes a cancelled task", async () => {
    const clock = createVirtualClock({ start: START });
    const ran: string[] = [];
    const cancel = clock.at(plus(2), () => {
      ran.push("cancelled");
    });
    clock.at(plus(1), cancel);
    clock.at(plus(3), () => {
      ran.push("kept");
    });

    await clock.run({ speed: "max" });

    expect(ran).to.deep.equal(["kept"]);
  });

  it("rejects with a task's error and keeps the later tasks", async () => {
    const clock = createVirtualClock({ start: START });
    const ran: string[] = [];
    clock.at(plus(1), () => {
      throw new Error("no such shard");
    });
    clock.at(plus(2), () => {
      ran.push("later");
    });

    expect(await rejection(clock.run({ speed: "max" }))).to.have.property("message", "no such shard");
    expect(ran).to.deep.equal([]);
    await clock.run({ speed: "max" });
    expect(ran).to.deep.equal(["later"]);
  });

  it("waits in real time at a finite speed, and an abort ends the wait and finishes foreground tasks", async () => {
    const clock = createVirtualClock({ start: START });
    const abort = new AbortController();
    const ran: string[] = [];
    clock.at(plus(10), () => {
      ran.push(`paced at ${clock.now() >= plus(10)}`);
      abort.abort();
    });
    clock.at(
      plus(3600),
      () => {
        ran.push("background");
      },
      { background: true },
    );
    clock.at(plus(7200), () => {
      ran.push("drained");
    });

    await clock.run({ speed: 1000, signal: abort.signal });

    expect(ran).to.deep.equal(["paced at true", "drained"]);
    expect(clock.now()).to.deep.equal(plus(7200));
  });

  it("rejects what it does not emulate", async () => {
    const clock = createVirtualClock({ start: START });

    expect(await rejection(clock.run({ speed: 0 })))
      .to.have.property("message")
      .that.includes("speed: 0");
    expect(await rejection(clock.run({ speed: "max", until: plus(-1) })))
      .to.have.property("message")
      .that.includes("until");
    expect(() => clock.at(new Date("no date"), () => {})).to.throw(RangeError, "invalid date");
  });

  it("never goes back, and runs every task in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 50 }), { maxLength: 40 }), async (delays) => {
        const clock = createVirtualClock({ start: START });
        const ran: [number, number][] = [];
        delays.forEach((delay, index) => {
          clock.at(plus(delay), () => {
            ran.push([delay, index]);
          });
        });
        await clock.run({ speed: "max" });
        expect(ran).to.deep.equal([...ran].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
        expect(ran).to.have.length(delays.length);
      }),
      { numRuns: 50 },
    );
  });
});
