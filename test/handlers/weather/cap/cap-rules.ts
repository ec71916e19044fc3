import { parseTree, syntaxError, type XmlElement } from "../../support/xml-tree.ts";

/**
 * The rules of a CAP 1.2 message, restated from its schema and data dictionary:
 * https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html, 3.2 (elements) and 3.4 (schema).
 * A rule gives a reason for each thing that is wrong with a value, and none for a right one.
 */

interface ElementRule {
  readonly name: string;
  readonly min: 0 | 1;
  readonly max: 1 | "many";
  readonly check: (element: XmlElement) => string[];
}

const NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2";
/** Of an `info` that names none. */
const DEFAULT_LANGUAGE = "en-US";

const required = (name: string, check: ElementRule["check"]): ElementRule => ({
  name,
  min: 1,
  max: 1,
  check,
});
const optional = (name: string, check: ElementRule["check"]): ElementRule => ({
  name,
  min: 0,
  max: 1,
  check,
});
const any = (name: string, check: ElementRule["check"]): ElementRule => ({
  name,
  min: 0,
  max: "many",
  check,
});

const text = ({ children }: XmlElement): string[] =>
  children.length > 0 ? [`must hold text, not <${children[0]?.name}>`] : [];

const filled = (element: XmlElement): string[] =>
  element.text.trim() === "" ? ["must not be empty"] : text(element);

const matching =
  (pattern: RegExp, what: string) =>
  (element: XmlElement): string[] => [
    ...text(element),
    ...(pattern.test(element.text) ? [] : [`"${element.text}" is not ${what}`]),
  ];

const oneOf = (...allowed: readonly string[]): ElementRule["check"] =>
  matching(new RegExp(`^(${allowed.join("|")})$`), `one of ${allowed.join(", ")}`);

/** Identifier and sender: they are joined by commas and spaces in `references`. */
const token = matching(/^[^\s,<&]+$/, "free of spaces, commas, < and &");

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([-+])(\d\d):(\d\d)$/;

function timeProblems(value: string): string[] {
  const [, year, month, day, hour, minute, second, , offsetHour, offsetMinute] = (TIME.exec(value) ?? []).map(
    Number,
  );
  if (year === undefined) return [`"${value}" is not a time such as 2024-04-30T08:00:00-03:00`];
  const lastDay = new Date(Date.UTC(year, month ?? 0, 0)).getUTCDate();
  const inRange =
    within(month, 1, 12) &&
    within(day, 1, lastDay) &&
    within(hour, 0, 23) &&
    within(minute, 0, 59) &&
    within(second, 0, 59) &&
    within(offsetHour, 0, 14) &&
    within(offsetMinute, 0, 59);
  return inRange ? [] : [`"${value}" is no time that exists`];
}

function within(value: number | undefined, min: number, max: number): boolean {
  return value !== undefined && value >= min && value <= max;
}

const time = (element: XmlElement): string[] => [...text(element), ...timeProblems(element.text)];

function references(element: XmlElement): string[] {
  const triples = element.text.split(/\s+/);
  return triples.flatMap((triple) => {
    const [sender, identifier, sent, ...rest] = triple.split(",");
    if (!sender || !identifier || sent === undefined || rest.length > 0 || /[<&]/.test(triple)) {
      return [`"${triple}" is not sender,identifier,sent`];
    }
    return timeProblems(sent);
  });
}

const DECIMAL = String.raw`[+-]?\d+(?:\.\d+)?`;
const POINT = new RegExp(`^(${DECIMAL}),(${DECIMAL})$`);

function pointProblems(point: string): string[] {
  const [, latitude, longitude] = (POINT.exec(point) ?? []).map(Number);
  const onEarth = within(latitude, -90, 90) && within(longitude, -180, 180);
  return onEarth ? [] : [`"${point}" is not latitude,longitude in degrees`];
}

function circle(element: XmlElement): string[] {
  const [center = "", radius = "", ...rest] = element.text.split(" ");
  const isCircle = /^\d+(\.\d+)?$/.test(radius) && rest.length === 0;
  return [
    ...pointProblems(center),
    ...(isCircle ? [] : [`"${element.text}" is not a point, a space and a radius in km`]),
  ];
}

function polygon(element: XmlElement): string[] {
  const points = element.text.split(/\s+/);
  const isClosed = points.length >= 4 && points[0] === points.at(-1);
  return [
    ...points.flatMap(pointProblems),
    ...(isClosed ? [] : ["must have four points or more, the last the first"]),
  ];
}

const decimal = matching(new RegExp(`^${DECIMAL}$`), "a number");
const pair = sequence([required("valueName", filled), required("value", text)]);

const AREA: readonly ElementRule[] = [
  required("areaDesc", filled),
  any("polygon", polygon),
  any("circle", circle),
  any("geocode", pair),
  optional("altitude", decimal),
  optional("ceiling", decimal),
];

const RESOURCE: readonly ElementRule[] = [
  required("resourceDesc", filled),
  required("mimeType", filled),
  optional("size", matching(/^\d+$/, "a number of bytes")),
  optional("uri", filled),
  optional("derefUri", filled),
  optional("digest", filled),
];

const CATEGORIES = "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other".split(" ");
const RESPONSES = "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None".split(" ");

const INFO: readonly ElementRule[] = [
  optional("language", matching(/^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/, "a language tag")),
  { ...any("category", oneOf(...CATEGORIES)), min: 1 },
  required("event", filled),
  any("responseType", oneOf(...RESPONSES)),
  required("urgency", oneOf("Immediate", "Expected", "Future", "Past", "Unknown")),
  required("severity", oneOf("Extreme", "Severe", "Moderate", "Minor", "Unknown")),
  required("certainty", oneOf("Observed", "Likely", "Possible", "Unlikely", "Unknown")),
  optional("audience", text),
  any("eventCode", pair),
  optional("effective", time),
  optional("onset", time),
  optional("expires", time),
  optional("senderName", text),
  optional("headline", text),
  optional("description", text),
  optional("instruction", text),
  optional("web", filled),
  optional("contact", text),
  any("parameter", pair),
  any("resource", sequence(RESOURCE)),
  any("area", sequence(AREA)),
];

const ALERT: readonly ElementRule[] = [
  required("identifier", token),
  required("sender", token),
  required("sent", time),
  required("status", oneOf("Actual", "Exercise", "System", "Test", "Draft")),
  required("msgType", oneOf("Alert", "Update", "Cancel", "Ack", "Error")),
  optional("source", text),
  required("scope", oneOf("Public", "Restricted", "Private")),
  optional("restriction", filled),
  optional("addresses", filled),
  any("code", text),
  optional("note", text),
  optional("references", references),
  optional("incidents", text),
  any("info", sequence(INFO)),
];

/** Children by the rules' names, numbers and order, each by its own rule. */
function sequence(rules: readonly ElementRule[]): ElementRule["check"] {
  return ({ children, text: own }) => {
    const order = children.map(({ name }) => rules.findIndex((rule) => rule.name === name));
    const problems = own.trim() === "" ? [] : [`holds text beside its elements: "${own.trim()}"`];
    for (const [index, child] of children.entries()) {
      const place = order[index] ?? -1;
      const rule = rules[place];
      if (rule === undefined) problems.push(`<${child.name}> is not an element of it`);
      else problems.push(...rule.check(child).map((problem) => `${child.name}: ${problem}`));
      if (place >= 0 && order.slice(0, index).some((earlier) => earlier > place)) {
        problems.push(`<${child.name}> comes too late`);
      }
    }
    for (const { name, min, max } of rules) {
      const count = children.filter((child) => child.name === name).length;
      if (count < min) problems.push(`<${name}> is missing`);
      if (max !== "many" && count > max) problems.push(`<${name}> is there ${count} times`);
    }
    return problems;
  };
}

/** What the data dictionary asks of elements together. */
function conditionalProblems(alert: XmlElement): string[] {
  const value = (name: string) => alert.children.find((child) => child.name === name)?.text;
  const asks = (when: boolean, name: string, why: string) =>
    when && value(name) === undefined ? [`<${name}> is missing: ${why}`] : [];
  const msgType = value("msgType") ?? "";
  const hasInfo = alert.children.some(({ name }) => name === "info");
  return [
    ...asks(
      ["Update", "Cancel", "Ack", "Error"].includes(msgType),
      "references",
      `msgType ${msgType} refers to messages`,
    ),
    ...asks(value("scope") === "Restricted", "restriction", "the scope is Restricted"),
    ...asks(value("scope") === "Private", "addresses", "the scope is Private"),
    ...(msgType === "Alert" && !hasInfo ? ["<info> is missing: an Alert says what it is about"] : []),
  ];
}

/** All that is wrong with a document as a CAP 1.2 message; nothing: it is one. */
export function capProblems(xml: string): string[] {
  const error = syntaxError(xml);
  if (error !== undefined) return [error];
  const root = parseTree(xml);
  if (root.name !== "alert") return [`the root is <${root.name}>, not <alert>`];
  const namespace = root.attributes.xmlns;
  return [
    ...(namespace === NAMESPACE ? [] : [`the namespace is ${namespace}, not ${NAMESPACE}`]),
    ...sequence(ALERT)(root),
    ...conditionalProblems(root),
  ];
}

/** Language of each `info`. */
export function capLanguages(xml: string): string[] {
  const infos = parseTree(xml).children.filter(({ name }) => name === "info");
  return infos.map(
    ({ children }) => children.find(({ name }) => name === "language")?.text ?? DEFAULT_LANGUAGE,
  );
}
