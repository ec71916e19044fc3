import { MEASURED_UNITS, type MeasuredField } from "../handlers/weather/observation/derived.ts";
import { type Condition, conditionsOf, LEVELS, type Measure } from "../handlers/weather/rules/rules.ts";
import { alignColumns, blocksOf } from "../lib/columns.ts";
import { type ConfiguredRule, configuredRules, configuredRulesOfLocation } from "./rules.ts";
import type { StormwireConfig } from "./schema.ts";

type RuleTableConfig = Pick<StormwireConfig, "locations" | "rules">;

const HEAD = [
  "LOCATION",
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
  "An alert starts when the value has been at or beyond the threshold for FOR, and ends when it has been away from it by the",
  "margin and for the time in CLEAR. ALL-CLEAR: whether a message or the next digest announces the end; a hazard with several",
  "rules is announced by a message if one of them says so. REPEAT: how often subscribers are reminded of a continuing alert.",
];
const NONE = "-";

/**
 * The rules of each location of a stack, including those that are off, as a table.
 *
 * @throws {PresetError} when a preset's file is not a list of rules.
 */
export function ruleTable(config: RuleTableConfig, width?: number): string {
  const groups = locationGroups(config);
  const rows = groups.flatMap(({ label, rules }) => rowsOfLocation(label, rules));
  const notes = groups.flatMap(({ label, members }) =>
    members.length > 1 ? [`${label}: ${members.join(", ")}`] : [],
  );
  const { lines, isCramped } = alignColumns([HEAD, ...rows], [], width);
  return [...(isCramped ? blocksOf(HEAD, rows, width) : lines), "", ...notes, ...LEGEND].join("\n");
}

interface LocationGroup {
  readonly label: string;
  readonly members: readonly string[];
  readonly rules: readonly ConfiguredRule[];
}

/** Locations without rules of their own are one group, because a stack can have a hundred of them. */
function locationGroups({ locations, rules }: RuleTableConfig): LocationGroup[] {
  const stack = configuredRules(rules);
  const [own, shared] = [true, false].map((hasOwn) =>
    Object.entries(locations).filter(([, location]) => (location.rules !== undefined) === hasOwn),
  ) as [[string, RuleTableConfig["locations"][string]][], [string, unknown][]];
  const sharing = shared.map(([location]) => location);
  const label =
    sharing.length === 1 ? sharing.join() : own.length === 0 ? "all locations" : "other locations";
  return [
    ...(sharing.length === 0 ? [] : [{ label, members: sharing, rules: stack }]),
    ...own.map(([location, { rules: ownRules }]) => ({
      label: location,
      members: [location],
      rules: configuredRulesOfLocation(stack, ownRules),
    })),
  ];
}

/** Shows the location once, and one row per hazard that is off. */
function rowsOfLocation(label: string, rules: readonly ConfiguredRule[]): string[][] {
  const rows = rules.flatMap((configured, index) => {
    const isNamed = rules
      .slice(0, index)
      .some(({ rule, off }) => off !== undefined && rule.hazard === configured.rule.hazard);
    return configured.off === undefined ? rowsOfRule(configured) : isNamed ? [] : [rowOff(configured)];
  });
  const [first = ["", "none, so no alert is sent"], ...others] = rows;
  return [[label, ...first], ...others.map((row) => ["", ...row])];
}

function rowOff({ rule, from, off }: ConfiguredRule): string[] {
  const blank = Array.from({ length: HEAD.length - 4 }, () => "");
  return [rule.hazard, "off", ...blank, `${nameOfSource(from)}, off by the ${off}`];
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
  return typeof from === "string" ? `own, of the ${from}` : `preset ${from.preset}`;
}
