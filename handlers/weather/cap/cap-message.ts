import type { Publication } from "../alerts/publication.ts";
import type { Transition } from "../alerts/transition.ts";
import { alertFacts } from "../messages/alert-facts.ts";
import type { Issuer } from "../messages/issuer.ts";
import { wordsOf } from "../messages/language.ts";
import type { Language } from "../messages/tags.ts";
import type { Location } from "../observation/location.ts";
import { capIdentifier, capKey, checkSender, tagUri } from "./cap-identity.ts";
import { capHeadline, capInfo } from "./cap-info.ts";
import { capTime } from "./cap-time.ts";
import type { FeedEntry } from "./feed.ts";
import { ATTRIBUTE, buildXml, type XmlContent } from "./xml.ts";

export interface CapOptions {
  /** Sender of the message; without spaces, commas, < and &, best with a domain name. */
  readonly sender: string;
  /** One block of texts for each; the first one's headline names the message. None: CAP's own, English. */
  readonly languages: readonly Language[];
  /** Whose name and advice the texts have. */
  readonly issuer?: Issuer | undefined;
  /** A drill: status Exercise, and marked in every text. */
  readonly exercise?: boolean;
  /** When it is published, and what it refers to. */
  readonly publication: Publication;
}

interface CapMessage {
  /** In the bucket. */
  readonly key: string;
  /** Unique for the sender, the same for the same transition. */
  readonly identifier: string;
  readonly xml: string;
  /** The message in the feed. */
  readonly entry: FeedEntry;
}

/**
 * A transition as a CAP 1.2 message: the first of an alert is an Alert, what follows it an Update of all that was sent
 * before, the all-clear a Cancel of it. Throws {@link CapError} for a bad sender.
 * https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html
 */
export function capMessage(transition: Transition, location: Location, options: CapOptions): CapMessage {
  const { sender, issuer = {}, exercise = false, publication } = options;
  checkSender(sender);
  const words = [...new Set(options.languages.length > 0 ? options.languages : (["en"] as const))].map(
    wordsOf,
  );
  const [first = wordsOf("en")] = words;
  const identifier = capIdentifier(transition.id, exercise);
  const sent = new Date(publication.sent);
  const { key, href } = capKey(transition, publication, exercise);
  const xml = buildXml("alert", {
    [`${ATTRIBUTE}xmlns`]: "urn:oasis:names:tc:emergency:cap:1.2",
    identifier,
    sender,
    sent: capTime(sent, location.timeZone),
    status: exercise ? "Exercise" : "Actual",
    msgType: messageType(transition, publication),
    scope: "Public",
    note: exercise ? first.exercise.line : undefined,
    references: references(publication, location, sender, exercise),
    info: words.map(
      (language): XmlContent => capInfo(transition, location, language, { publication, exercise, issuer }),
    ),
  });
  const entry = {
    id: tagUri(sender, identifier, new Date(transition.time)),
    title: capHeadline(transition, location, first, exercise),
    updated: publication.sent,
    href,
    summary: alertFacts(transition, location, first).join("\n"),
  };
  return { key, identifier, xml, entry };
}

/**
 * Updates and Cancels must refer to an earlier message, so a transition without one is an Alert. A start has one if its
 * yellow level was digest-only.
 */
function messageType(
  { kind }: Transition,
  { references: earlier }: Publication,
): "Alert" | "Update" | "Cancel" {
  if (earlier.length === 0) return "Alert";
  return kind === "clear" ? "Cancel" : "Update";
}

/** `sender,identifier,sent` of each earlier message. */
function references(
  { references: earlier }: Publication,
  { timeZone }: Location,
  sender: string,
  exercise: boolean,
): string | undefined {
  if (earlier.length === 0) return undefined;
  return earlier
    .map(({ id, sent }) => `${sender},${capIdentifier(id, exercise)},${capTime(new Date(sent), timeZone)}`)
    .join(" ");
}
