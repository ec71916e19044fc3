import { XMLParser, XMLValidator } from "fast-xml-parser";

/** An element of a document, its own text and its children in order. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
  readonly attributes: Readonly<Record<string, string>>;
}

/** Why a text is no XML document; undefined: it is one. */
export function syntaxError(xml: string): string | undefined {
  const wellFormed = XMLValidator.validate(xml);
  return wellFormed === true ? undefined : `not well-formed: ${wellFormed.err.msg}`;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
});

/** Root element of a well-formed document. */
export function parseTree(xml: string): XmlElement {
  const [root] = toElements(parser.parse(xml));
  if (root === undefined) throw new Error("the document has no root element");
  return root;
}

type ParsedNode = Readonly<Record<string, unknown>>;

/** The parser gives each node as an object whose one key besides `:@` is its name. */
function toElements(nodes: readonly ParsedNode[]): XmlElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((candidate) => candidate !== ":@" && candidate !== "#text");
    const content = name === undefined ? undefined : node[name];
    if (name === undefined || !Array.isArray(content)) return [];
    const texts = content.flatMap((child: ParsedNode) =>
      typeof child["#text"] === "string" ? [child["#text"]] : [],
    );
    const attributes = (node[":@"] ?? {}) as Record<string, string>;
    return [{ name, text: texts.join(""), children: toElements(content), attributes }];
  });
}

/** Text of an element's first child of a name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}
