import type { Publication } from "../alerts/publication.ts";
import type { Transition } from "../alerts/transition.ts";
import { alertFacts, alertHeadline } from "../messages/alert-facts.ts";
import { type Condition, unitOf } from "../messages/format.ts";
import { conditionsOf, hazardName } from "../messages/hazard.ts";
import { adviceOf, type Issuer } from "../messages/issuer.ts";
import type { Words } from "../messages/words.ts";
import type { Location } from "../observation/location.ts";
import type { Level } from "../rules/rules.ts";
import { capTime } from "./cap-time.ts";
import { expiryOf } from "./publication.ts";
import type { XmlContent } from "./xml.ts";

const SEVERITY: Readonly<Record<Level, string>> = { yellow: "Moderate", orange: "Severe", red: "Extreme" };

/** Of what is observed now: red asks to act at once, the others soon. */
const URGENCY: Readonly<Record<Level, string>> = { yellow: "Expected", orange: "Expected", red: "Immediate" };

/** CAP: "160 characters MAY be a useful target limit", for the headline. */
const MAX_HEADLINE_LENGTH = 160;

/**
 * Kilometres around the station. WMO-No. 8, 1.1.2: what a station observes stands for 10 km or less in small-scale
 * and local applications.
 */
const RADIUS_KILOMETRES = 10;

/**
 * What a transition says in one language. It is in effect when it is published, begins where the alert began (`onset`)
 * and expires unless it is repeated or cancelled before; the time of its observation is in the description and a
 * parameter. https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html, 3.2.2
 */
export function capInfo(
  transition: Transition,
  location: Location,
  words: Words,
  {
    publication,
    exercise,
    issuer,
  }: { readonly publication: Publication; readonly exercise: boolean; readonly issuer: Issuer },
): XmlContent {
  const { level, kind, scale, since } = transition;
  const isOver = kind === "clear";
  const sent = new Date(publication.sent);
  return {
    language: words.language,
    category: "Met",
    event: capitalized(hazardName(transition, words)),
    responseType: isOver ? "AllClear" : "Monitor",
    urgency: isOver ? "Past" : URGENCY[level],
    severity: SEVERITY[level],
    // Of a doubtful value, CAP's "p <= ~50%": it is as likely a fault of the sensor.
    certainty: transition.unconfirmed ? "Possible" : "Observed",
    effective: capTime(sent, location.timeZone),
    onset: capTime(new Date(since), location.timeZone),
    expires: capTime(expiryOf(sent, exercise), location.timeZone),
    senderName: issuer.sender ?? words.cap.senderName,
    headline: capHeadline(transition, location, words, exercise),
    description: [
      ...(exercise ? [words.exercise.line] : []),
      ...alertFacts(transition, location, words),
      ...(scale === undefined ? [] : [words.email.disclaimer(scale)]),
    ].join("\n"),
    instruction: isOver
      ? undefined
      : [adviceOf(transition, issuer), words.cap.instruction].filter(Boolean).join("\n"),
    parameter: parameters(transition, location, publication),
    area: {
      areaDesc: location.name,
      circle: `${coordinate(location.latitude)},${coordinate(location.longitude)} ${RADIUS_KILOMETRES}`,
    },
  };
}

/** The headline, marked when it is a drill's. */
export function capHeadline(
  transition: Transition,
  location: Location,
  words: Words,
  exercise: boolean,
): string {
  const mark = exercise ? `${words.exercise.mark}: ` : "";
  const characters = Array.from(`${mark}${alertHeadline(transition, location, words)}`);
  if (characters.length <= MAX_HEADLINE_LENGTH) return characters.join("");
  return `${characters.slice(0, MAX_HEADLINE_LENGTH - 3).join("")}...`;
}

function capitalized(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** WGS 84 degrees; four decimals are 11 m. */
function coordinate(degrees: number): string {
  return String(Number(degrees.toFixed(4)));
}

/** What is known as data, under names of our own. A combined rule's further conditions are numbered from 2. */
function parameters(transition: Transition, { timeZone }: Location, { renewal }: Publication): XmlContent[] {
  const { level, scale, hazard, location, time } = transition;
  const ofConditions = conditionsOf(transition).flatMap((condition, index) =>
    conditionParameters(condition).map(([name, value]): [string, string] => [
      index === 0 ? name : `${name}.${index + 1}`,
      value,
    ]),
  );
  const named: [string, string][] = [
    ["location", location],
    ["hazard", hazard],
    ["level", level],
    ["observed", capTime(new Date(time), timeZone)],
    ...(renewal ? ([["renewal", "true"]] satisfies [string, string][]) : []),
    ...(scale === undefined ? [] : ([["scale", scale]] satisfies [string, string][])),
    ...ofConditions,
  ];
  return named.map(([valueName, value]) => ({ valueName, value }));
}

function conditionParameters({ measure, below, value, threshold }: Condition): [string, string][] {
  const { metric, as, over } = measure;
  return [
    ["metric", metric],
    ...(as === undefined || over === undefined
      ? []
      : ([["window", `${as} ${over}`]] satisfies [string, string][])),
    ["value", number(value)],
    ["threshold", number(threshold)],
    ["comparison", below ? "below" : "at least"],
    ["unit", as === "sum" ? "mm" : (measure.unit ?? unitOf(metric))],
  ];
}

/** Without an exponent. */
function number(value: number): string {
  return String(Number(value.toFixed(6)));
}
