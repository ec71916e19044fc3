import type { Transition } from "../alerts/transition.ts";
import type { Condition } from "./format.ts";
import type { AlertKind, Words } from "./words.ts";

/** A hazard's name in the language; one that only config knows is called as config does. */
export function hazardName({ hazard }: Pick<Transition, "hazard">, words: Words): string {
  return Object.hasOwn(words.hazards, hazard) ? (words.hazards[hazard] ?? hazard) : hazard;
}

/** What a message announces. */
export function alertKind({ kind, again }: Transition): AlertKind {
  return again ? "return" : kind;
}

/** The conditions of a transition with their values: one, or all of a combined rule. */
export function conditionsOf(transition: Transition): [Condition, ...Condition[]] {
  const { measure, below, value, threshold, conditions = [] } = transition;
  return [{ measure, below, value, threshold }, ...conditions.slice(1)];
}
