import fc from "fast-check";
import type { Observation } from "../../../handlers/weather/alerts/evaluate.ts";
import type { Silence } from "../../../handlers/weather/rules/mute.ts";
import type { AlertPlan } from "../../../handlers/weather/rules/plan.ts";
import type { Rule } from "../../../handlers/weather/rules/rules.ts";
import { at, START } from "./alert-run.ts";
import { presets } from "./presets.ts";

/** A figure, often unknown or absent, of few values: around thresholds they cross, hold and clear. */
const figure = (...values: readonly number[]) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  );

/** What the presets measure. */
const anyValues = fc.record({
  rainIntensity: figure(0, 0, 0.1, 3, 18, 27.5, 31, 60, 90),
  windGust: figure(0, 5, 10, 11.2, 16, 21, 28, 40),
  windSpeed: figure(0, 5, 8.5, 14, 18),
  humidity: figure(8, 14, 19, 21, 29, 31, 60, 95),
  temperature: figure(-5, 15, 29, 31, 36, 42),
});

/** Minutes between two observations: as stations report, and outages of hours. */
const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(1, 5, 10, 15, 60) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 600 }) },
);

/** Observations of any field of the presets, in order of time. */
export const anyObservations: fc.Arbitrary<Observation[]> = inOrder(anyValues, 60);

/** Observations in order of time, with any of the values. */
export function inOrder(values: fc.Arbitrary<Observation["values"]>, maxLength: number) {
  return fc.array(fc.tuple(anyStep, values), { minLength: 1, maxLength }).map((steps) => {
    let minutes = 0;
    return steps.map(([step, figures]) => {
      minutes += step;
      return at(minutes / 60, figures);
    });
  });
}

const clock = fc.constantFrom("00:00", "01:30", "06:00", "12:00", "13:45", "22:00", "23:59");
export const anyQuietHours = fc.tuple(clock, clock).filter(([from, to]) => from !== to);

const isoHour = (hours: number) => new Date(START + hours * 3_600_000).toISOString();

/** Silences of some hours in the first three days; of all hazards, or of wind alone. */
export const anySilence: fc.Arbitrary<Silence> = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 12 }), fc.boolean())
  .map(([from, hours, isOfWind]) => ({
    from: isoHour(from),
    until: isoHour(from + hours),
    reason: "works",
    ...(isOfWind && { hazards: ["wind"] }),
  }));

const ruleSets: readonly (readonly Rule[])[] = [
  presets.inmet,
  presets.nws,
  presets.heat,
  presets.fire,
  [...presets.inmet, ...presets.fire, ...presets.heat],
];

/** Rules of presets, told again or not, with whatever holds, and whatever is left to the digest. */
export const anyPlan: fc.Arbitrary<AlertPlan> = fc
  .record({
    rules: fc.constantFrom(...ruleSets),
    allClear: fc.option(fc.constantFrom("message" as const, "digest" as const), { nil: undefined }),
    repeatEvery: fc.option(fc.constantFrom("10m", "1h", "6h"), { nil: undefined }),
    timeZone: fc.constantFrom("UTC", "America/Sao_Paulo", "Asia/Kathmandu"),
    quietHours: fc.option(anyQuietHours, { nil: undefined }),
    silences: fc.array(anySilence, { maxLength: 3 }),
    yellow: fc.constantFrom("message" as const, "digest" as const),
  })
  .map(({ rules, repeatEvery, allClear, quietHours, ...plan }) => ({
    ...plan,
    rules: rules.map((rule) => ({ ...rule, repeatEvery, allClear })),
    ...(quietHours && { quietHours: { from: quietHours[0], to: quietHours[1] } }),
  }));
