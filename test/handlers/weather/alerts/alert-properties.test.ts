import { expect } from "chai";
import fc from "fast-check";
import { evaluate } from "../../../../handlers/weather/alerts/evaluate.ts";
import {
  type AlertState,
  INITIAL_STATE,
  parseState,
  serializeState,
} from "../../../../handlers/weather/alerts/state.ts";
import type { Transition } from "../../../../handlers/weather/alerts/transition.ts";
import { compilePlan } from "../../../../handlers/weather/rules/plan.ts";
import { LEVEL_RANKS, LEVELS, type Rule } from "../../../../handlers/weather/rules/rules.ts";
import { runPlan } from "../../support/alert-run.ts";
import { anyObservations, anyPlan, inOrder } from "../../support/any-series.ts";
import { isActiveNaively } from "../../support/naive-levels.ts";
import { planOf } from "../../support/plan.ts";

const stored = ({ state, announced }: ReturnType<typeof runPlan>) => ({
  state: serializeState(state),
  announced,
});

describe("any weather under any plan", () => {
  it("is the same when any beginning of it comes again, shuffled and more than once", () => {
    const property = fc.property(
      anyObservations,
      anyPlan,
      fc.nat(),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (observations, plan, cut, randoms) => {
        const compiled = compilePlan(plan);
        const length = cut % (observations.length + 1);
        const order = new Map(observations.map((observation) => [observation, randoms.next().value]));
        const again = observations
          .slice(0, length)
          .toSorted((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0));
        const repeated = [...observations.slice(0, length), ...again, ...again.toReversed()];
        const delivered = runPlan([...repeated, ...observations.slice(length)], compiled);
        expect(stored(delivered)).to.deep.equal(stored(runPlan(observations, compilePlan(plan))));
      },
    );
    fc.assert(property);
  });

  it("is the same wherever it is cut into batches, with the state stored in between", () => {
    const property = fc.property(
      anyObservations,
      anyPlan,
      fc.array(fc.nat({ max: 60 }), { maxLength: 5 }),
      (observations, plan, cuts) => {
        const bounds = [...new Set(cuts)].toSorted((one, other) => one - other);
        let state: AlertState = INITIAL_STATE;
        const announced: Transition[] = [];
        for (const [index, from] of [0, ...bounds].entries()) {
          const batch = observations.slice(from, bounds[index] ?? observations.length);
          const run = runPlan(batch, compilePlan(plan), parseState(serializeState(state)));
          state = run.state;
          announced.push(...run.announced);
        }
        const whole = runPlan(observations, compilePlan(plan));
        expect(stored({ state, announced })).to.deep.equal(stored(whole));
      },
    );
    fc.assert(property);
  });

  it("leaves every state as it was, whatever came after it and wherever it branched", () => {
    const property = fc.property(anyObservations, anyObservations, anyPlan, (observations, others, plan) => {
      const compiled = compilePlan(plan);
      const states: AlertState[] = [INITIAL_STATE];
      for (const observation of observations) {
        states.push(evaluate(states.at(-1) ?? INITIAL_STATE, observation, compiled).state);
      }
      const texts = states.map(serializeState);
      for (const [index, state] of states.entries()) {
        if (index % 4 === 0) runPlan(others, compiled, state);
      }
      expect(states.map(serializeState)).to.deep.equal(texts);
      for (const [index, observation] of observations.entries()) {
        const state = states[index] ?? INITIAL_STATE;
        const again = evaluate(state, observation, compiled);
        const afresh = evaluate(parseState(texts[index] ?? ""), observation, compiled);
        expect(serializeState(again.state)).to.equal(texts[index + 1]);
        expect(stored(again)).to.deep.equal(stored(afresh));
      }
    });
    fc.assert(property);
  });
});

describe("the level of any figure", () => {
  const anyRule = fc.record({
    below: fc.boolean(),
    for: fc.constantFrom("0m", "10m", "2h"),
    after: fc.constantFrom("0m", "10m", "1h", "3h"),
    ratio: fc.constantFrom(0.5, 0.9, 1),
  });
  /** Wanders, so that it often lies between a threshold and its clear bound. */
  const wandering = inOrder(
    fc.record({ temperature: fc.constantFrom(-2, -1, -1, 0, 0, 1, 1, 2, null, undefined) }),
    80,
  ).map((series) => {
    let level = 0;
    return series.map((observation) => {
      const { temperature: change } = observation.values;
      if (typeof change !== "number") return observation;
      level = Math.min(5, Math.max(-5, level + change));
      return { ...observation, values: { temperature: level } };
    });
  });

  it("is what all its readings say, taken together", () => {
    const property = fc.property(wandering, anyRule, (series, { below, after, ratio, ...more }) => {
      const levels = below ? { yellow: 4, orange: 0, red: -2 } : { yellow: -2, orange: 0, red: 4 };
      const rule: Rule = {
        hazard: "any",
        measure: { metric: "temperature" },
        levels,
        below,
        clear: { after, ratio },
        ...more,
      };
      const minutes = { "0m": 0, "10m": 10, "1h": 60, "2h": 120, "3h": 180 };
      const plan = planOf([rule]);
      let state: AlertState = INITIAL_STATE;
      for (const [index, observation] of series.entries()) {
        state = evaluate(state, observation, plan).state;
        const readings = series.slice(0, index + 1).map(({ time, values }) => ({
          seconds: Math.floor(time.getTime() / 1000),
          value: values.temperature,
        }));
        const active = LEVELS.filter((level) =>
          isActiveNaively(readings, {
            threshold: levels[level],
            below,
            ratio,
            forSeconds: minutes[more.for] * 60,
            clearAfterSeconds: minutes[after] * 60,
          }),
        );
        const rank = Math.max(0, ...active.map((level) => LEVEL_RANKS[level]));
        expect(state.hazards.any?.rank ?? 0).to.equal(rank);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
