import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { malformedXml } from "./errors.ts";

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

// Keys are text even where they look like numbers (`007`, `1e3`) or begin with a space.
const parser = new XMLParser({ parseTagValue: false, trimValues: false, ignoreDeclaration: true });

/** An XML document; fields that are undefined are left out, arrays repeat their element. */
export function buildXml(root: string, content: Readonly<Record<string, unknown>>): string {
  const defined = JSON.parse(JSON.stringify(content));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: defined })}`;
}

/** @throws {AwsError} MalformedXML. */
export function parseXml(text: string): unknown {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw malformedXml(valid.err);
  return parser.parse(text);
}
