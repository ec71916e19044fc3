import { evaluate, toObservation } from "../handlers/weather/alerts/evaluate.ts";
import { type AlertState, INITIAL_STATE } from "../handlers/weather/alerts/state.ts";
import type { Transition } from "../handlers/weather/alerts/transition.ts";
import { parseRecord } from "../handlers/weather/observation/record.ts";
import { compilePlan } from "../handlers/weather/rules/plan.ts";
import type { Rule } from "../handlers/weather/rules/rules.ts";
import type { ReplayLocation } from "./location.ts";
import { isoSeconds, type Reading } from "./measures.ts";

interface Decisions {
  /** Announced to subscribers. */
  readonly announced: readonly Transition[];
  /** Listed in the digest only. */
  readonly digestOnly: readonly Transition[];
}

/**
 * What rules decide about recorded readings, without the services around them: each reading becomes the record that
 * the producer would put on the stream, is parsed and evaluated. Throws `RuleError` for rules that do not fit together.
 */
export function decisionsOf(
  readings: readonly Reading[],
  location: ReplayLocation,
  rules: readonly Rule[],
): Decisions {
  const plan = compilePlan({ rules, timeZone: "UTC", silences: [], yellow: "message" });
  const announced: Transition[] = [];
  const digestOnly: Transition[] = [];
  let state: AlertState = INITIAL_STATE;
  for (const reading of readings) {
    const parsed = parseRecord(recordOf(reading, location));
    if (!parsed.ok) throw new Error(`a reading makes no record: ${parsed.reason}, ${parsed.detail}`);
    const evaluation = evaluate(state, toObservation(parsed.record), plan);
    state = evaluation.state;
    announced.push(...evaluation.announced);
    digestOnly.push(...evaluation.digestOnly);
  }
  return { announced, digestOnly };
}

function recordOf({ time, values }: Reading, { id, name, latitude, longitude }: ReplayLocation): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      data: { time: isoSeconds(time), values },
      location: { id, name, lat: latitude, lon: longitude },
      source: "tomorrow.io",
    }),
  );
}
