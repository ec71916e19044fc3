import type { Publication } from "../alerts/publication.ts";
import type { Transition } from "../alerts/transition.ts";
import { keyPart, keyTime } from "../observation/key-part.ts";

/** Thrown when a sender's name cannot stand in a CAP message. */
export class CapError extends Error {
  override readonly name = "CapError";
}

/** Throws {@link CapError}: CAP joins sender, identifier and time by commas, and such triples by spaces. */
export function checkSender(sender: string): void {
  if (/^[^\s,<&]+$/u.test(sender)) return;
  throw new CapError(`sender "${sender}" is not allowed; allowed is a name without spaces, commas, < and &`);
}

/**
 * A message's identifier: the transition's own, which the same observations give again, with everything that is not
 * safe in CAP and in a URI percent-encoded. A drill's is another one.
 */
export function capIdentifier(transitionId: string, exercise: boolean): string {
  const identifier = transitionId.toWellFormed().replace(/[^A-Za-z0-9._:/-]/gu, percentEncoded);
  return exercise ? `${identifier}/exercise` : identifier;
}

/** encodeURIComponent leaves `!'()*~` as they are, which CAP allows. */
function percentEncoded(character: string): string {
  return encodeURIComponent(character);
}

/** IRI of a message, which an Atom entry must have: a tag of the sender's. https://www.rfc-editor.org/rfc/rfc4151 */
export function tagUri(sender: string, identifier: string, time: Date): string {
  const authority = sender.toWellFormed().replace(/[^A-Za-z0-9._@-]/gu, percentEncoded);
  return `tag:${authority},${time.toISOString().slice(0, "2024-04-30".length)}:${identifier}`;
}

/** Where the messages are in the bucket. */
const CAP_FOLDER = "cap/";

/** Key of the Atom feed over all messages. */
export const FEED_KEY = `${CAP_FOLDER}index.xml`;

/** A message's key, and its address as seen from the feed. A renewal has no observation of its own to be named after. */
export function capKey(
  { location, hazard, time, kind }: Transition,
  { sent, renewal }: Publication,
  exercise: boolean,
): { key: string; href: string } {
  const what = renewal ? [keyTime(sent), "renewal"] : [keyTime(time), kind];
  const name = [...what, ...(exercise ? ["exercise"] : [])].join("-");
  const href = `${keyPart(location)}/${keyPart(hazard)}/${name}.xml`;
  return { key: `${CAP_FOLDER}${href}`, href };
}
