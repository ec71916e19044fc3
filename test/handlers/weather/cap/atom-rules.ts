import { parseTree, syntaxError, type XmlElement } from "../../support/xml-tree.ts";

/**
 * What RFC 4287 asks of a feed document, as far as an index of messages goes: 4.1.1 (feed), 4.1.2 (entry),
 * 4.2 (metadata), 3.3 (times). https://www.rfc-editor.org/rfc/rfc4287
 */

const NAMESPACE = "http://www.w3.org/2005/Atom";
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** An absolute IRI, or nearly: a scheme and something after it, without spaces. */
const IRI = /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i;

const FEED = ["id", "title", "updated", "author", "link", "subtitle", "generator", "entry"];
const ENTRY = ["id", "title", "updated", "link", "summary", "author", "published", "category", "content"];

/** All that is wrong with a document as an Atom feed; nothing: it is one. */
export function atomProblems(xml: string): string[] {
  const error = syntaxError(xml);
  if (error !== undefined) return [error];
  const feed = parseTree(xml);
  if (feed.name !== "feed") return [`the root is <${feed.name}>, not <feed>`];
  const entries = childrenOf(feed, "entry");
  const ids = entries.flatMap((entry) => childrenOf(entry, "id")).map(({ text }) => text);
  return [
    ...(feed.attributes.xmlns === NAMESPACE ? [] : [`the namespace is ${feed.attributes.xmlns}`]),
    ...commonProblems(feed, FEED),
    ...(authored(feed) || (entries.length > 0 && entries.every(authored)) ? [] : ["nobody is its author"]),
    ...entries.flatMap((entry) => entryProblems(entry).map((problem) => `entry: ${problem}`)),
    ...(new Set(ids).size === ids.length ? [] : ["two entries have one id"]),
  ];
}

function authored(element: XmlElement): boolean {
  return childrenOf(element, "author").some((author) => childrenOf(author, "name").length === 1);
}

function entryProblems(entry: XmlElement): string[] {
  const links = childrenOf(entry, "link");
  const alternates = links.filter(({ attributes: { rel = "alternate" } }) => rel === "alternate");
  const targets = alternates.map(({ attributes: { type, hreflang } }) => `${type} ${hreflang}`);
  return [
    ...commonProblems(entry, ENTRY),
    ...(childrenOf(entry, "content").length === 0 && alternates.length === 0
      ? ["no content and no alternate link"]
      : []),
    ...(new Set(targets).size === targets.length ? [] : ["two alternate links of one type"]),
    ...links.flatMap(({ attributes: { href } }) => (href ? [] : ["a link without href"])),
    ...(childrenOf(entry, "summary").length > 1 ? ["more than one <summary>"] : []),
  ];
}

/** Of feed and entry alike: exactly one id, title and updated. */
function commonProblems(element: XmlElement, known: readonly string[]): string[] {
  const one = ["id", "title", "updated"].flatMap((name) => {
    const count = childrenOf(element, name).length;
    return count === 1 ? [] : [`<${name}> is there ${count} times`];
  });
  const unknown = element.children.flatMap(({ name }) =>
    known.includes(name) ? [] : [`<${name}> is not Atom's`],
  );
  const ids = childrenOf(element, "id").flatMap(({ text }) =>
    IRI.test(text) ? [] : [`"${text}" is not an IRI`],
  );
  const times = childrenOf(element, "updated").flatMap(({ text }) =>
    RFC_3339.test(text) && !Number.isNaN(Date.parse(text)) ? [] : [`"${text}" is not a time of RFC 3339`],
  );
  return [...one, ...unknown, ...ids, ...times];
}

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
