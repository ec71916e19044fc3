import { MEASURED_UNITS, type MeasuredField } from "../handlers/weather/observation/derived.ts";
import { type Condition, conditionsOf, LEVELS, type Measure } from "../handlers/weather/rules/rules.ts";
import { alignColumns, blocksOf } from "../lib/columns.ts";
import { type ConfiguredRule, configuredRules, configuredRulesOfPlace } from "./rules.ts";
import type { StormwireConfig } from "./schema.ts";

/** What the table is made of. */
export type RuleTableConfig = Pick<StormwireConfig, "locations" | "rules">;

const HEAD = [
  "PLACE",
  "HAZARD",
  "MEASURE",
  ...LEVELS.map((level) => level.toUpperCase()),
  "FOR",
  "CLEAR",
  "ALL-CLEAR",
  "REPEAT",
  "FROM",
];
const LEGEND = [
  "A level is reached at >= or < its figure, once that has lasted for FOR. It ends when the figure has been as long and as",
  "far away from the threshold as CLEAR says. ALL-CLEAR: how people hear of the end, by a message or by the next digest; of",
  "a hazard with several rules by a message if one of them says so. REPEAT: how often people are reminded while it goes on.",
];
const NONE = "-";

/**
 * The rules that each place of a stack has, those that are off included, as lines of aligned columns.
 *
 * @throws {PresetError} when a preset's file is no list of rules.
 */
export function ruleTable(config: RuleTableConfig, width?: number): string {
  const groups = placeGroups(config);
  const rows = groups.flatMap(({ label, rules }) => rowsOfPlace(label, rules));
  const notes = groups.flatMap(({ label, places }) =>
    places.length > 1 ? [`${label}: ${places.join(", ")}`] : [],
  );
  const { lines, isCramped } = alignColumns([HEAD, ...rows], [], width);
  return [...(isCramped ? blocksOf(HEAD, rows, width) : lines), "", ...notes, ...LEGEND].join("\n");
}

interface PlaceGroup {
  readonly label: string;
  readonly places: readonly string[];
  readonly rules: readonly ConfiguredRule[];
}

/** Places without rules of their own share those of the stack, and are one group: a stack can have a hundred. */
function placeGroups({ locations, rules }: RuleTableConfig): PlaceGroup[] {
  const stack = configuredRules(rules);
  const [own, shared] = [true, false].map((hasOwn) =>
    Object.entries(locations).filter(([, place]) => (place.rules !== undefined) === hasOwn),
  ) as [[string, RuleTableConfig["locations"][string]][], [string, unknown][]];
  const sharing = shared.map(([place]) => place);
  const label = sharing.length === 1 ? sharing.join() : own.length === 0 ? "all places" : "other places";
  return [
    ...(sharing.length === 0 ? [] : [{ label, places: sharing, rules: stack }]),
    ...own.map(([place, { rules: ownRules }]) => ({
      label: place,
      places: [place],
      rules: configuredRulesOfPlace(stack, ownRules),
    })),
  ];
}

/** The place is named once, and so is a hazard's rule that is off. */
function rowsOfPlace(label: string, rules: readonly ConfiguredRule[]): string[][] {
  const rows = rules.flatMap((configured, index) => {
    const isNamed = rules
      .slice(0, index)
      .some(({ rule, off }) => off !== undefined && rule.hazard === configured.rule.hazard);
    return configured.off === undefined ? rowsOfRule(configured) : isNamed ? [] : [rowOff(configured)];
  });
  const [first = ["", "none: nobody is told of anything"], ...others] = rows;
  return [[label, ...first], ...others.map((row) => ["", ...row])];
}

function rowOff({ rule, from, off }: ConfiguredRule): string[] {
  const blank = Array.from({ length: HEAD.length - 4 }, () => "");
  return [rule.hazard, "off", ...blank, `${nameOfSource(from)}, off by the ${placeOrStack(off)}`];
}

/** A line for each condition; what belongs to the whole rule stands on the first. */
function rowsOfRule({ rule, from }: ConfiguredRule): string[][] {
  return conditionsOf(rule).map((condition, index) => {
    const figures = [
      `${index === 0 ? "" : "and "}${measureInWords(condition.measure)}`,
      ...LEVELS.map((level) => threshold(condition, condition.levels[level])),
    ];
    return index === 0
      ? [
          rule.hazard,
          ...figures,
          rule.for ?? NONE,
          clearing(rule.clear),
          rule.allClear ?? "message",
          rule.repeatEvery ?? NONE,
          nameOfSource(from),
        ]
      : ["", ...figures];
  });
}

function threshold({ measure, below }: Condition, value: number | undefined): string {
  if (value === undefined) {
    return NONE;
  }
  const unit = measure.unit ?? (measure.as === "sum" ? "mm" : MEASURED_UNITS[measure.metric]);
  return `${below ? "<" : ">="} ${value} ${unit}`.trimEnd();
}

/** What the evaluation takes when a rule names nothing: below 90 % of the threshold for 3 h. */
function clearing(clear: { after: string; ratio: number } | undefined): string {
  const { after, ratio } = clear ?? { after: "3h", ratio: 0.9 };
  const percent = Number(((1 - ratio) * 100).toFixed(2));
  return percent === 0 ? after : `${after}, ${percent} % away`;
}

/** `rain in 24h`, `highest wind gust in 3h`, `humidity`. */
function measureInWords({ metric, over, as }: Measure): string {
  if (as === undefined || over === undefined) {
    return inWords(metric);
  }
  const figure = {
    sum: inWords(metric).replace(/ intensity$/, ""),
    max: `highest ${inWords(metric)}`,
    min: `lowest ${inWords(metric)}`,
    mean: `mean ${inWords(metric)}`,
  }[as];
  return `${figure} in ${over}`;
}

/** `windGust` as `wind gust`. */
function inWords(metric: MeasuredField): string {
  return metric.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function nameOfSource(from: ConfiguredRule["from"]): string {
  return typeof from === "string" ? `own, of the ${placeOrStack(from)}` : `preset ${from.preset}`;
}

function placeOrStack(owner: ConfiguredRule["off"]): string {
  return owner === "location" ? "place" : "stack";
}
