import { expect } from "chai";
import fc from "fast-check";
import type { Observation } from "../../../../../handlers/weather/alerts/evaluate.ts";
import type { AlertState } from "../../../../../handlers/weather/alerts/state.ts";
import { hazardWatches } from "../../../../../handlers/weather/alerts/watching.ts";
import { digestMessage } from "../../../../../handlers/weather/messages/digest-message.ts";
import { wordsOf } from "../../../../../handlers/weather/messages/language.ts";
import type { Values } from "../../../../../handlers/weather/observation/fields.ts";
import { assess } from "../../../../../handlers/weather/observation/quality/assess.ts";
import { type CompiledPlan, compilePlan } from "../../../../../handlers/weather/rules/plan.ts";
import { at, runPlan } from "../../../support/alert-run.ts";
import { portoAlegre } from "../../../support/places.ts";
import { presets } from "../../../support/presets.ts";

const STEPS = 30;

/** Weather of a station that reports every hour, wandering as weather does: without spikes, fill values or stuck values. */
const anyWeather = fc
  .array(
    fc.record({
      rainIntensity: fc.constantFrom(0, 0, 0, 2, 12, 22, 35, 65),
      windGust: fc.constantFrom(2, 5, 9, 12, 17, 26, 29, 35),
      humidity: fc.constantFrom(10, 19, 28, 35, 45, 58),
      temperature: fc.double({ min: 20, max: 38, noNaN: true }),
    }),
    { minLength: STEPS, maxLength: STEPS },
  )
  .map((readings) => readings.map((values, hour) => at(hour, { ...values, windSpeed: 2.5 })));

const MEASURES = ["rainIntensity", "windGust", "humidity", "temperature"] as const;
const anyMask = fc.array(fc.subarray([...MEASURES]), { minLength: STEPS, maxLength: STEPS });

function without(observations: readonly Observation[], mask: readonly (readonly string[])[]): Observation[] {
  return observations.map((observation, index) => ({
    ...observation,
    values: Object.fromEntries(
      Object.entries(observation.values).map(([field, value]) => [
        field,
        mask[index]?.includes(field) ? null : value,
      ]),
    ) as Values,
  }));
}

const planOf = (preset: keyof typeof presets): CompiledPlan =>
  compilePlan({ rules: presets[preset], timeZone: "UTC", silences: [], yellow: "message" });

/** The states after each observation. */
function statesOf(observations: readonly Observation[], plan: CompiledPlan): AlertState[] {
  const states: AlertState[] = [];
  for (const observation of observations) {
    states.push(runPlan([observation], plan, states.at(-1)).state);
  }
  return states;
}

const isActive = (state: AlertState | undefined, hazard: string) => (state?.hazards[hazard]?.rank ?? 0) > 0;

function digestAt(state: AlertState, time: Date, plan: CompiledPlan) {
  const place = { location: portoAlegre, state, watches: hazardWatches(plan.hazards, state) };
  return digestMessage([place], time, wordsOf("en"));
}

describe("what is not known", () => {
  for (const preset of ["inmet", "fire", "heat"] as const) {
    const plan = planOf(preset);

    it(`never makes an all-clear by ${preset}: where one is sent, the full weather has no alert either`, () => {
      const property = fc.property(anyWeather, anyMask, (weather, mask) => {
        const full = statesOf(weather, plan);
        const { announced } = runPlan(without(weather, mask), plan);
        for (const { kind, time, hazard } of announced) {
          const index = weather.findIndex((observation) => observation.time.getTime() === Date.parse(time));
          if (kind === "clear") expect(isActive(full[index], hazard), `${hazard} at ${time}`).to.equal(false);
        }
      });
      fc.assert(property);
    });

    it(`never makes a digest say "no alerts" by ${preset} where the full weather has one`, () => {
      const property = fc.property(anyWeather, anyMask, (weather, mask) => {
        const full = statesOf(weather, plan);
        const known = statesOf(without(weather, mask), plan);
        for (const [index, state] of known.entries()) {
          const time = weather[index]?.time ?? new Date(0);
          const { sms, email } = digestAt(state, time, plan);
          if (Object.values(full[index]?.hazards ?? {}).some(({ rank }) => rank > 0)) {
            expect(sms).to.not.match(/Porto Alegre no alerts(?! as far)/);
          }
          if (mask.slice(0, index + 1).every((fields) => fields.includes("rainIntensity"))) {
            expect(email).to.not.match(/^ +rain 0/m);
          }
        }
      });
      fc.assert(property, { numRuns: 50 });
    });
  }

  it("is not made an alert of by a fill value, whatever stands in its place otherwise", () => {
    const fills = fc.constantFrom(999.9, 9999, -9999, 99_999, 32_767, 65_535, -999.9, 999);
    const property = fc.property(anyWeather, anyMask, fills, (weather, mask, fill) => {
      const masked = without(weather, mask);
      const filled = masked.map((observation, index) => {
        const values = Object.fromEntries((mask[index] ?? []).map((field) => [field, fill]));
        return { ...observation, ...assess({ ...observation.values, ...values }) };
      });
      for (const preset of ["inmet", "fire", "heat"] as const) {
        const plan = planOf(preset);
        expect(runPlan(filled, plan).announced).to.deep.equal(runPlan(masked, plan).announced);
      }
    });
    fc.assert(property, { numRuns: 50 });
  });
});
