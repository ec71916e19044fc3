import fc from "fast-check";
import { TRANSITION_KINDS } from "../../../handlers/weather/alerts/transition.ts";
import type { MeasuredField } from "../../../handlers/weather/observation/derived.ts";
import { SPEED_UNITS } from "../../../handlers/weather/observation/units.ts";
import { AGGREGATES } from "../../../handlers/weather/rules/condition.ts";
import { LEVELS } from "../../../handlers/weather/rules/rules.ts";
import { portoAlegre, rioGrande } from "../../handlers/support/places.ts";
import { transition, transitionLine } from "../transition-lines.ts";
import type { Copies, Decision } from "./alert-deliveries.ts";

/** Transitions in the order in which they are told, some of them again, until S3 refuses a put. */
export interface AlertDelivery {
  readonly decisions: readonly Decision[];
  /** From 0; none when it is beyond the last. */
  readonly putFails: number;
}

/** What may happen while alerts are told. */
export type AlertStep =
  | { readonly kind: "deliver"; readonly delivery: AlertDelivery }
  | { readonly kind: "copies"; readonly copies: Copies }
  | { readonly kind: "run" }
  | { readonly kind: "killed run"; readonly step: number; readonly when: "before" | "after" }
  | { readonly kind: "run during a delivery"; readonly step: number; readonly delivery: AlertDelivery };

export interface AlertHistory {
  readonly decisions: readonly Decision[];
  readonly steps: readonly AlertStep[];
  /** The same decisions in another order. */
  readonly otherOrder: readonly Decision[];
}

const DAYS = ["2024-04-29", "2024-04-30", "2024-05-01"];

/** Few, so that many fall together; the first and the last second of days, and one that is not whole. */
const time = fc
  .tuple(fc.constantFrom(...DAYS), fc.constantFrom("00:00:00", "11:30:00", "11:30:00.250", "23:59:59.999"))
  .map(([day, clock]) => `${day}T${clock}Z`);

const figure = fc.oneof(
  fc.integer({ min: -60, max: 5000 }),
  // JSON knows no -0.
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0),
);

const measure = fc.record(
  {
    metric: fc.constantFrom<MeasuredField>("rainIntensity", "windGust", "humidity"),
    over: fc.constantFrom("1h", "24h"),
    as: fc.constantFrom(...AGGREGATES),
    unit: fc.constantFrom(...SPEED_UNITS),
  },
  { requiredKeys: ["metric"] },
);

const decision = fc
  .record({
    place: fc.constantFrom(portoAlegre, rioGrande),
    name: fc.record({
      time,
      hazard: fc.constantFrom("rain", "wind"),
      kind: fc.constantFrom(...TRANSITION_KINDS),
    }),
    rest: fc.record({ since: time, value: figure, threshold: figure, below: fc.boolean(), measure }),
    level: fc.constantFrom(...LEVELS),
    isOfScale: fc.boolean(),
  })
  .map(({ place, name, rest, level, isOfScale }): Decision => {
    const id = `${place.id}/${name.hazard}/${name.time}/${name.kind}`;
    const { scale, ...plain } = transition({ id, location: place.id, level, ...name, ...rest });
    return { place, transition: { ...plain, ...(isOfScale && scale !== undefined && { scale }) } };
  });

const LINE = transitionLine(transition());
/** Of no day, of no transition, or no JSON. */
const garbage = fc.constantFrom(
  LINE.slice(0, 80),
  "[]",
  "null",
  "no JSON",
  LINE.replace(/"time":"[^"]*"/, '"time":"2024-04-29T24:00:00Z"'),
  LINE.replace(/"time":"[^"]*"/, '"time":"yesterday"'),
  LINE.replace(/"id":"[^"]*",/, ""),
);

/** Some of the decisions, in any order, with repetitions. */
function deliveryOf(decisions: readonly Decision[]): fc.Arbitrary<AlertDelivery> {
  return fc.record({
    decisions: fc.array(fc.constantFrom(...decisions), { minLength: 1, maxLength: 12 }),
    putFails: fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(6) }),
  });
}

/** With a figure of their own, by which the rows tell whose they are. */
function copiesOf(decisions: readonly Decision[]): fc.Arbitrary<Copies> {
  return fc.record({
    number: fc.constant(0),
    day: fc.constantFrom(...DAYS),
    isAfter: fc.boolean(),
    decisions: fc
      .tuple(fc.shuffledSubarray([...decisions]), figure)
      .map(([some, value]) =>
        some.map(({ place, transition }) => ({ place, transition: { ...transition, value } })),
      ),
    garbage: fc.array(garbage, { maxLength: 3 }),
  });
}

function stepOf(decisions: readonly Decision[]): fc.Arbitrary<AlertStep> {
  const delivery = deliveryOf(decisions);
  /** A run has a dozen steps and more for each stale day. */
  const step = fc.nat(40);
  const when = fc.constantFrom("before" as const, "after" as const);
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("deliver" as const), delivery }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("copies" as const), copies: copiesOf(decisions) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "run" as const }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("killed run" as const), step, when }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("run during a delivery" as const), step, delivery }),
    },
  );
}

function numbered(steps: readonly AlertStep[]): AlertStep[] {
  return steps.map((step, index) =>
    step.kind === "copies" ? { ...step, copies: { ...step.copies, number: index + 1 } } : step,
  );
}

export const anyAlertHistory: fc.Arbitrary<AlertHistory> = fc
  .uniqueArray(decision, { selector: ({ transition }) => transition.id, minLength: 1, maxLength: 20 })
  .chain((decisions) =>
    fc.record({
      decisions: fc.constant(decisions),
      steps: fc.array(stepOf(decisions), { minLength: 1, maxLength: 12 }).map(numbered),
      otherOrder: fc.shuffledSubarray(decisions, {
        minLength: decisions.length,
        maxLength: decisions.length,
      }),
    }),
  );
