import type { Publication } from "../alerts/publication.ts";
import type { AlertState, HazardState, Pending } from "../alerts/state.ts";
import type { Transition } from "../alerts/transition.ts";
import { formatUtc } from "../observation/time.ts";

const HOUR_MILLISECONDS = 3_600_000;

/**
 * How long a message is valid. Active alerts are renewed before it ends, others are cancelled or expire. A Cancel is valid
 * as long as the messages that it cancels (docs/decisions/0018).
 */
const VALID_HOURS = { alert: 24, exercise: 2 } as const;

/** Alerts are renewed after this time, so that a failing watch has half of the validity to recover. */
const RENEW_AFTER_HOURS = 12;

/** As many as the feed lists. */
const MAX_REFERENCES = 100;

/** When a message published at `sent` expires. */
export function expiryOf(sent: Date, exercise: boolean): Date {
  const hours = VALID_HOURS[exercise ? "exercise" : "alert"];
  return new Date(sent.getTime() + hours * HOUR_MILLISECONDS);
}

/** The publication of a transition. It is never dated before the previous message of the alert. */
export function publicationOf(before: HazardState | undefined, arrivedAt: Date): Publication {
  const references = messagesOf(before);
  const previous = Date.parse(references.at(-1)?.sent ?? "");
  return {
    sent: formatUtc(previous > arrivedAt.getTime() ? new Date(previous) : arrivedAt),
    references: [...references],
  };
}

function messagesOf(hazard: HazardState | undefined): Publication["references"] {
  return hazard?.published?.messages ?? [];
}

/** Adds a publication to the state of its hazard. An alert that is over has none. */
export function rememberPublication(
  hazards: AlertState["hazards"],
  transition: Transition,
  { sent, references }: Publication,
): AlertState["hazards"] {
  const hazard = hazards[transition.hazard];
  if (hazard === undefined) return hazards;
  const { earlier, ...last } = transition;
  const messages = [...references, { id: transition.id, sent }].slice(-MAX_REFERENCES);
  return { ...hazards, [transition.hazard]: { ...hazard, published: { last, messages } } };
}

/**
 * Adds a pending renewal of each active alert whose newest message is half expired. Returns the same object when there is
 * none. Muted alerts are not renewed and expire. A renewal repeats the newest message, including the time of its
 * observation.
 */
export function renewAlerts(
  state: AlertState,
  time: Date,
  isSilenced: (hazard: string, seconds: number) => boolean,
): AlertState {
  const latest = time.getTime() - RENEW_AFTER_HOURS * HOUR_MILLISECONDS;
  let { hazards } = state;
  const renewals: Pending[] = [];
  for (const [name, hazard] of Object.entries(state.hazards)) {
    const { rank, published } = hazard;
    const newest = published?.messages.at(-1);
    if (rank === 0 || published === undefined || newest === undefined) continue;
    if (Date.parse(newest.sent) > latest || isSilenced(name, time.getTime() / 1000)) continue;
    const { last } = published;
    const id = `${last.location}/${name}/${formatUtc(time)}/renewal`;
    const transition: Transition = { ...last, id, kind: "repeat" };
    const cap = { ...publicationOf(hazard, time), renewal: true } as const;
    renewals.push({ transition, languages: [], cap });
    hazards = rememberPublication(hazards, transition, cap);
  }
  return renewals.length === 0 ? state : { ...state, hazards, pending: [...state.pending, ...renewals] };
}
