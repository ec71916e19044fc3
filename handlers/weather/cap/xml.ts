import { XMLBuilder } from "fast-xml-parser";

/** Prefix of a key that is an attribute. */
export const ATTRIBUTE = "@_";

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  format: true,
  suppressEmptyNode: true,
});

/** What an element holds: text, elements by name in their order, or several elements of one name. */
export type XmlContent = string | readonly XmlContent[] | { readonly [name: string]: XmlContent | undefined };

/** An XML 1.0 document. Text is escaped and cleaned of what XML has no way to write; what is undefined is left out. */
export function buildXml(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: cleaned(content) })}`;
}

function cleaned(content: XmlContent): unknown {
  if (typeof content === "string") return cleanText(content);
  if (isList(content)) return content.map(cleaned);
  const defined = Object.entries(content).flatMap(([name, value]): [string, unknown][] =>
    value === undefined ? [] : [[name, cleaned(value)]],
  );
  return Object.fromEntries(defined);
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

/** Everything but the characters of XML 1.0. https://www.w3.org/TR/xml/#charsets */
const NO_XML_CHARACTER = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A carriage return is written as the line feed that a parser would make of it. */
function cleanText(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, "\n").replace(NO_XML_CHARACTER, "\uFFFD");
}
