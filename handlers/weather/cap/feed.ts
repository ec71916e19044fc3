import { XMLParser, XMLValidator } from "fast-xml-parser";
import * as z from "zod/mini";
import { formatUtc } from "../observation/time.ts";
import { ATTRIBUTE, buildXml } from "./xml.ts";

/** One message in the feed. */
export interface FeedEntry {
  /** IRI, the same for ever. */
  readonly id: string;
  readonly title: string;
  /** When it is published, RFC 3339. */
  readonly updated: string;
  /** Of the CAP message, relative to the feed or absolute. */
  readonly href: string;
  readonly summary: string;
}

interface FeedOptions {
  /** IRI, the same for ever. */
  readonly feedId: string;
  readonly title: string;
  /** Entries that the feed keeps. */
  readonly limit?: number;
  /** Called with the reason when the existing feed cannot be read and is replaced by one with this entry alone. */
  readonly onUnreadable: (reason: string) => void;
}

const MAX_ENTRIES = 100;
const ATOM_NAMESPACE = "http://www.w3.org/2005/Atom";
/** https://www.iana.org/assignments/media-types/application/cap+xml */
const CAP_TYPE = "application/cap+xml";

/**
 * Adds an entry to the feed, an Atom 1.0 document (RFC 4287) with at most `limit` entries, last published first. An entry
 * of a slow container, published after newer ones, is dated a millisecond after them. The feed's `updated` therefore changes
 * with each entry, and readers that poll by it miss none. An entry that the feed contains is replaced and keeps its
 * `updated`, so that adding it twice has no effect.
 */
export function addToFeed(existing: string | undefined, entry: FeedEntry, options: FeedOptions): string {
  const { feedId, title, limit = MAX_ENTRIES } = options;
  const listed = readEntries(existing, options.onUnreadable).toSorted(newestFirst);
  const before = listed.find(({ id }) => id === entry.id);
  const entries = (
    before === undefined
      ? [datedAfter(listed[0], entry), ...listed]
      : listed.map((one) => (one === before ? { ...entry, updated: before.updated } : one))
  ).slice(0, limit);
  return buildXml("feed", {
    [`${ATTRIBUTE}xmlns`]: ATOM_NAMESPACE,
    id: feedId,
    title,
    updated: entries[0]?.updated ?? entry.updated,
    author: { name: "Stormwire" },
    entry: entries.map(({ id, title: entryTitle, updated, href, summary }) => ({
      id,
      title: entryTitle,
      updated,
      link: {
        [`${ATTRIBUTE}rel`]: "alternate",
        [`${ATTRIBUTE}type`]: CAP_TYPE,
        [`${ATTRIBUTE}href`]: href,
      },
      summary,
    })),
  });
}

function datedAfter(newest: FeedEntry | undefined, entry: FeedEntry): FeedEntry {
  const earliest = newest === undefined ? Number.NEGATIVE_INFINITY : Date.parse(newest.updated) + 1;
  return Date.parse(entry.updated) >= earliest ? entry : { ...entry, updated: formatUtc(new Date(earliest)) };
}

/** By instant, whatever the offsets; entries of one instant by id. */
function newestFirst(a: FeedEntry, b: FeedEntry): number {
  return Date.parse(b.updated) - Date.parse(a.updated) || (a.id < b.id ? -1 : 1);
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === "entry",
});

const updated = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), "allowed is a time"));
const feedSchema = z.object({
  feed: z.object({
    entry: z._default(
      z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          updated,
          link: z.object({ "@_href": z.string() }),
          summary: z.string(),
        }),
      ),
      [],
    ),
  }),
});

function readEntries(existing: string | undefined, onUnreadable: (reason: string) => void): FeedEntry[] {
  if (existing === undefined) return [];
  try {
    return parseFeed(existing);
  } catch (error) {
    onUnreadable(error instanceof Error ? error.message : String(error));
    return [];
  }
}

/** Thrown inside when a document is not a feed of ours; the parser throws errors of its own. */
class FeedError extends Error {
  override readonly name = "FeedError";
}

function parseFeed(existing: string): FeedEntry[] {
  const wellFormed = XMLValidator.validate(existing);
  if (wellFormed !== true) throw new FeedError(`line ${wellFormed.err.line}: ${wellFormed.err.msg}`);
  const read = feedSchema.safeParse(parser.parse(existing));
  if (!read.success) {
    throw new FeedError(
      read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
    );
  }
  return read.data.feed.entry.map(({ link, ...rest }) => ({ ...rest, href: link["@_href"] }));
}
