import { expect } from "chai";
import fc from "fast-check";
import { evaluate, type Observation } from "../../../../handlers/weather/alerts/evaluate.ts";
import { type AlertState, INITIAL_STATE } from "../../../../handlers/weather/alerts/state.ts";
import type { Transition } from "../../../../handlers/weather/alerts/transition.ts";
import type { Silence } from "../../../../handlers/weather/rules/mute.ts";
import { type CompiledPlan, compilePlan } from "../../../../handlers/weather/rules/plan.ts";
import { LEVEL_RANKS, LEVELS, type Rank } from "../../../../handlers/weather/rules/rules.ts";
import { at, GUST_RULE, START } from "../../support/alert-run.ts";
import { anyObservations, anyPlan, anyQuietHours, anySilence, inOrder } from "../../support/any-series.ts";
import { planOf } from "../../support/plan.ts";

interface Step {
  readonly observation: Observation;
  readonly state: AlertState;
  readonly announced: readonly Transition[];
  readonly digestOnly: readonly Transition[];
}

function stepsOf(observations: readonly Observation[], plan: CompiledPlan): Step[] {
  let state: AlertState = INITIAL_STATE;
  return observations.map((observation) => {
    const evaluation = evaluate(state, observation, plan);
    state = evaluation.state;
    return { observation, ...evaluation };
  });
}

/** What the messages of one hazard, and the notes for the digest, tell of an alert so far. */
interface Announced {
  readonly since: string;
  /** No message has been sent of it. */
  readonly isDigestOnly: boolean;
  readonly level: Rank;
  readonly highest: Rank;
  /** Lowest rank that was true since the last of them. */
  readonly lowest: Rank;
  readonly earlier: readonly { readonly id: string; readonly time: string }[];
}

/** Checks a message or a note against those before it; what is told after it. */
function checkAnnouncement(
  announced: Announced | undefined,
  transition: Transition,
  isNote: boolean,
): Announced | undefined {
  const { id, time, kind, since } = transition;
  const level = LEVEL_RANKS[transition.level];
  const earlier = announced?.earlier ?? [];
  expect(transition.earlier ?? [], id).to.deep.equal(earlier.slice(-20));
  expect(Date.parse(since) <= Date.parse(time), id).to.equal(true);
  const begins = announced === undefined || (announced.isDigestOnly && !isNote && kind !== "clear");
  expect(kind === "start", `${id}: nothing but a start begins`).to.equal(begins);
  if (announced !== undefined) expect(since, id).to.equal(announced.since);
  if (kind === "escalation")
    expect(level > Math.min(announced?.level ?? 0, announced?.lowest ?? 0), id).to.equal(true);
  if (kind === "repeat") expect(level <= (announced?.level ?? 0), id).to.equal(true);
  if (kind === "clear") {
    expect(level, id).to.equal(announced?.highest);
    return undefined;
  }
  const highest = announced !== undefined && announced.highest > level ? announced.highest : level;
  return { since, isDigestOnly: isNote, level, highest, lowest: level, earlier: [...earlier, { id, time }] };
}

describe("the messages of any weather under any plan", () => {
  it("have ids of their own, also among the notes for the digest", () => {
    const property = fc.property(anyObservations, anyPlan, (observations, plan) => {
      const steps = stepsOf(observations, compilePlan(plan));
      const announced = steps.flatMap(({ announced }) => announced);
      const digestOnly = steps.flatMap((step) => step.digestOnly);
      const ids = [...announced, ...digestOnly].map(({ id }) => id);
      expect(new Set(ids).size).to.equal(ids.length);
      const events = new Set(steps.flatMap(({ state }) => state.events));
      expect([...events], "what is noted is among the events").to.deep.equal(digestOnly);
    });
    fc.assert(property);
  });

  it("are of each hazard a start, rises and repeats, an end, each of them true to those before", () => {
    const property = fc.property(anyObservations, anyPlan, (observations, plan) => {
      const known = new Map<string, Announced | undefined>();
      for (const { state, announced, digestOnly } of stepsOf(observations, compilePlan(plan))) {
        for (const transition of [...announced, ...digestOnly]) {
          const { hazard } = transition;
          known.set(
            hazard,
            checkAnnouncement(known.get(hazard), transition, digestOnly.includes(transition)),
          );
        }
        for (const [hazard, before] of known) {
          const rank = state.hazards[hazard]?.rank ?? 0;
          if (before !== undefined && rank < before.lowest) known.set(hazard, { ...before, lowest: rank });
        }
      }
    });
    fc.assert(property);
  });

  it("say of every figure on which side of its threshold it lies", () => {
    const property = fc.property(anyObservations, anyPlan, (observations, plan) => {
      for (const { announced } of stepsOf(observations, compilePlan(plan))) {
        for (const { id, kind, value, threshold, below } of announced) {
          if (kind === "clear") continue;
          const bound = below ? threshold * 1.1 + 1e-9 : threshold * 0.9 - 1e-9;
          expect(below ? value <= bound : value >= bound, id).to.equal(true);
        }
      }
    });
    fc.assert(property);
  });

  it("leave to the digest what the plan and its rules leave to it, and that always", () => {
    const property = fc.property(anyObservations, anyPlan, (observations, plan) => {
      const allClear = plan.rules[0]?.allClear ?? "message";
      const isForDigest = ({ kind, level }: Transition) =>
        (plan.yellow === "digest" && level === "yellow") || (allClear === "digest" && kind === "clear");
      for (const { announced, digestOnly } of stepsOf(observations, compilePlan(plan))) {
        expect(announced.filter(isForDigest)).to.deep.equal([]);
        expect(digestOnly.filter((note) => !isForDigest(note))).to.deep.equal([]);
        expect(["start", "clear"]).to.include.members(digestOnly.map(({ kind }) => kind));
      }
    });
    fc.assert(property);
  });
});

const gustSeries = inOrder(fc.record({ windGust: fc.constantFrom(null, 5, 9.5, 12, 19, 25, 28, 35) }), 60);
const REPEATING = { ...GUST_RULE, repeatEvery: "2h" };

interface Hold {
  /** Lowest level that is told in spite of it; 4: none. */
  readonly passes: (hours: number) => 1 | 3 | 4;
  readonly plan: CompiledPlan;
}

const hoursOf = ({ time }: Pick<Observation, "time">) => (time.getTime() - START) / 3_600_000;

/** Hours since START as the clock of a day in UTC. */
const hourOfClock = (clock: string) => Number(clock.slice(0, 2)) + Number(clock.slice(3)) / 60;

const anyQuietNight: fc.Arbitrary<Hold> = anyQuietHours.map(([from, to]) => {
  const [start, end] = [hourOfClock(from), hourOfClock(to)];
  const isQuiet = (hours: number) =>
    start < end ? hours >= start && hours < end : hours >= start || hours < end;
  return {
    passes: (hours) => (isQuiet(hours % 24) ? 3 : 1),
    plan: planOf([REPEATING], { quietHours: { from, to } }),
  };
});

const anySilences: fc.Arbitrary<Hold> = fc
  .array(anySilence, { minLength: 1, maxLength: 4 })
  .map((silences) => {
    const isSilenced = (hours: number) =>
      silences.some(({ from, until }: Silence) => {
        const now = START + hours * 3_600_000;
        return Date.parse(from) <= now && now < Date.parse(until);
      });
    return { passes: (hours) => (isSilenced(hours) ? 4 : 1), plan: planOf([REPEATING], { silences }) };
  });

/** The level that a figure shows, when it lies at its threshold or beyond. */
const shownBy = (windGust: number | null | undefined): Rank =>
  Math.max(
    0,
    ...LEVELS.filter((level) => (windGust ?? 0) >= GUST_RULE.levels[level]).map(
      (level) => LEVEL_RANKS[level],
    ),
  ) as Rank;

for (const [name, anyHold] of Object.entries({ "quiet hours": anyQuietNight, silences: anySilences })) {
  describe(`${name} of any length, in any weather`, () => {
    it("let only through what they should", () => {
      const property = fc.property(gustSeries, anyHold, (observations, { passes, plan }) => {
        for (const { observation, announced } of stepsOf(observations, plan)) {
          const lowest = passes(hoursOf(observation));
          for (const { id, level } of announced) expect(LEVEL_RANKS[level] >= lowest, id).to.equal(true);
        }
      });
      fc.assert(property, { numRuns: 200 });
    });

    it("change what is told, never what is", () => {
      const property = fc.property(gustSeries, anyHold, (observations, { plan }) => {
        const ranksOf = (steps: readonly Step[]) => steps.map(({ state }) => state.hazards.wind?.rank ?? 0);
        const free = stepsOf(observations, planOf([REPEATING]));
        expect(ranksOf(stepsOf(observations, plan))).to.deep.equal(ranksOf(free));
      });
      fc.assert(property);
    });

    it("are followed by what is true then, told once, and by nothing that is no longer true", () => {
      const property = fc.property(gustSeries, anyHold, (observations, { passes, plan }) => {
        for (const { observation, state } of stepsOf(observations, plan)) {
          const { windGust } = observation.values;
          const wind = state.hazards.wind;
          if (passes(hoursOf(observation)) > 1 || typeof windGust !== "number") continue;
          if ((wind?.rank ?? 0) === 0) expect(wind, "its end is told").to.equal(undefined);
          if (shownBy(windGust) > 0)
            expect(wind?.announcedRank ?? 0).to.be.within(shownBy(windGust), wind?.rank ?? 0);
          expect(wind?.announcedRank ?? 0).to.be.at.most(wind?.rank ?? 0);
          if (shownBy(windGust) < (wind?.rank ?? 0)) continue;
          const next = at(hoursOf(observation) + 1 / 60, { windGust });
          if (passes(hoursOf(next)) === 1) {
            const again = evaluate(state, next, plan).announced.filter(({ kind }) => kind !== "repeat");
            expect(again).to.deep.equal([]);
          }
        }
      });
      fc.assert(property, { numRuns: 200 });
    });
  });
}
