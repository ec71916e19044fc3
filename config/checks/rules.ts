import { addHours } from "date-fns/addHours";
import { parseISO } from "date-fns/parseISO";
import { LIMITS as MEASURE_LIMITS } from "../../handlers/weather/observation/quality/limits.ts";
import { formatUtc } from "../../handlers/weather/observation/time.ts";
import { SPEED_FACTORS } from "../../handlers/weather/observation/units.ts";
import {
  type Condition,
  compileRules,
  conditionsOf,
  LEVELS,
  type Rule,
  RuleError,
} from "../../handlers/weather/rules/rules.ts";
import { removeCommand, setCommand, setting } from "../commands.ts";
import { PresetError } from "../presets.ts";
import { type ConfigProblem, unknownName } from "../problem.ts";
import { configuredRules, effectiveRules, rulesByLocation } from "../rules.ts";
import type { RuleConfig } from "../schema.ts";
import { missingDigest } from "./digest.ts";

type Path = readonly PropertyKey[];

/** Checks that rules fit together, that hazards and locations exist, and that times are in order. */
export function ruleChecks(config: RuleConfig): ConfigProblem[] {
  try {
    return [
      ownRules(["rules", "hazards"], config.rules.hazards),
      thresholdsWithinReach(["rules", "hazards"], config.rules.hazards),
      ownRulesOfLocations(config),
      presetsTogether(config),
      hazardNames(config),
      silencedLocations(config),
      times(config),
      missingDigest(config),
    ].flat();
  } catch (error) {
    if (error instanceof PresetError) {
      return [brokenPreset(config, error)];
    }
    throw error;
  }
}

function brokenPreset({ rules }: RuleConfig, { message, file }: PresetError): ConfigProblem {
  return {
    path: ["rules", "preset"],
    found: rules.preset,
    allowed: `presets whose files are in order; ${message}`,
    fix: `edit ${file}`,
  };
}

function ownRulesOfLocations({ locations }: RuleConfig): ConfigProblem[] {
  return Object.entries(locations).flatMap(([location, { rules }]) =>
    [ownRules, thresholdsWithinReach].flatMap((check) =>
      check(["locations", location, "rules", "hazards"], rules?.hazards ?? []),
    ),
  );
}

/** Checks each own rule alone and together with the rules before it. */
function ownRules(path: Path, rules: readonly Rule[]): ConfigProblem[] {
  return rules.flatMap((rule, index): ConfigProblem[] => {
    const at = [...path, index];
    const alone = compileProblem([rule]);
    if (alone !== undefined) {
      return [{ path: at, found: rule, allowed: `levels in order: ${alone}`, fix: orderedLevels(at, rule) }];
    }
    const before = rules.slice(0, index).filter((other) => compileProblem([other]) === undefined);
    const together = compileProblem(before) === undefined ? compileProblem([...before, rule]) : undefined;
    return together === undefined
      ? []
      : [{ path: at, found: rule, allowed: `rules that fit together: ${together}`, fix: removeCommand(at) }];
  });
}

/** Own rules replace the preset's rules of their hazard, so only presets can conflict with each other. */
function presetsTogether({ rules }: RuleConfig): ConfigProblem[] {
  const problem = compileProblem(effectiveRules({ ...rules, hazards: [], off: [] }));
  const path = ["rules", "preset"];
  const [first = "PRESET"] = [rules.preset].flat();
  return problem === undefined
    ? []
    : [
        {
          path,
          found: rules.preset,
          allowed: `presets that fit together: ${problem}`,
          fix: `${removeCommand(path)} && ${setCommand(path, first)}`,
        },
      ];
}

function compileProblem(rules: readonly Rule[]): string | undefined {
  try {
    compileRules(rules);
    return undefined;
  } catch (error) {
    if (error instanceof RuleError) {
      return error.message;
    }
    throw error;
  }
}

/** The command that sorts the thresholds of the first condition that is out of order. */
function orderedLevels(at: Path, rule: Rule): string {
  const conditions = conditionsOf(rule);
  const index = conditions.findIndex((condition) => unordered(condition) !== undefined);
  const condition = conditions[index];
  if (condition === undefined) return removeCommand(at);
  const path = [...at, ...(conditions.length > 1 ? ["all", index] : []), "levels"];
  const named = LEVELS.filter((level) => condition.levels[level] !== undefined);
  const values = named.map((level) => condition.levels[level] ?? 0).sort((a, b) => a - b);
  const levels = Object.fromEntries(
    named.map((level, rank) => [level, (condition.below ? values.toReversed() : values)[rank] ?? 0]),
  );
  return unordered({ ...condition, levels }) === undefined
    ? setting(path, levels, condition.levels)
    : removeCommand([...path, unordered(condition) ?? ""]); // two levels of one value
}

/** Thresholds outside the possible range of their measure. Sums have no such range. */
function thresholdsWithinReach(path: Path, rules: readonly Rule[]): ConfigProblem[] {
  return rules.flatMap((rule, index) => {
    const conditions = conditionsOf(rule);
    return conditions.flatMap(({ measure: { metric, unit, as }, levels }, number) => {
      if (as === "sum" || !(metric in MEASURE_LIMITS)) return [];
      const { possible } = MEASURE_LIMITS[metric as keyof typeof MEASURE_LIMITS];
      const factor = unit === undefined ? 1 : SPEED_FACTORS[unit];
      const [lowest, highest] = [Math.ceil(possible[0] * factor), Math.floor(possible[1] * factor)];
      return LEVELS.flatMap((level): ConfigProblem[] => {
        const found = levels[level];
        if (found === undefined || (found >= lowest && found <= highest)) return [];
        const at = [...path, index, ...(conditions.length > 1 ? ["all", number] : []), "levels", level];
        const allowed = `${lowest} to ${highest}: ${metric} is never beyond that`;
        return [{ path: at, found, allowed, fix: setCommand(at, found < lowest ? lowest : highest) }];
      });
    });
  });
}

function unordered({ levels, below }: Condition): string | undefined {
  const named = LEVELS.filter((level) => levels[level] !== undefined);
  return named.find((level, index) => {
    const milder = levels[named[index - 1] ?? level] ?? 0;
    const value = levels[level] ?? 0;
    return index > 0 && !(below ? value < milder : value > milder);
  });
}

/**
 * Hazards named by `off`, drills and silences. A silence may name a hazard that is switched off. A drill may not: it
 * would test a path that no alert takes.
 */
function hazardNames({ rules, locations, messages, silences }: RuleConfig): ConfigProblem[] {
  const ofStack = hazardsOf(configuredRules(rules).map(({ rule }) => rule));
  const ofLocations = Object.values(locations).flatMap(({ rules: own }) => hazardsOf(own?.hazards ?? []));
  const all = [...new Set([...ofStack, ...ofLocations])];
  const inEffect = hazardsOf(
    [effectiveRules(rules), ...Object.values(rulesByLocation({ rules, locations }))].flat(),
  );
  return [
    unknownHazards(["rules", "off"], rules.off, ofStack),
    ...Object.entries(locations).map(([location, { rules: own }]) => {
      const known = [...new Set([...ofStack, ...hazardsOf(own?.hazards ?? [])])];
      return unknownHazards(["locations", location, "rules", "off"], own?.off ?? [], known);
    }),
    ...Object.entries(messages).map(([name, { drill }]) =>
      drill === undefined
        ? []
        : unknown(["messages", name, "drill", "hazard"], drill.hazard, "hazards", inEffect),
    ),
    ...Object.entries(silences).map(([name, { hazards = [] }]) =>
      unknownHazards(["silences", name, "hazards"], hazards, all),
    ),
  ].flat();
}

function hazardsOf(rules: readonly Rule[]): string[] {
  return [...new Set(rules.map(({ hazard }) => hazard))];
}

function unknownHazards(path: Path, found: readonly string[], known: readonly string[]): ConfigProblem[] {
  return found.flatMap((hazard, index) => unknown([...path, index], hazard, "hazards", known));
}

function silencedLocations({ silences, locations }: RuleConfig): ConfigProblem[] {
  return Object.entries(silences).flatMap(([name, { locations: silenced = [] }]) =>
    silenced.flatMap((location, index) =>
      unknown(["silences", name, "locations", index], location, "locations", Object.keys(locations)),
    ),
  );
}

function unknown(path: Path, found: string, kind: string, known: readonly string[]): ConfigProblem[] {
  return known.includes(found) ? [] : [unknownName(path, found, kind, known)];
}

function times({ quietHours, silences }: RuleConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (quietHours !== undefined && quietHours.from === quietHours.to) {
    const path = ["quietHours", "to"];
    const allowed = `another time than from, ${quietHours.from}: quiet hours all day would mute every alert below red`;
    problems.push({
      path,
      found: quietHours.to,
      allowed,
      fix: setCommand(path, quietHours.from === "06:00" ? "22:00" : "06:00"),
    });
  }
  for (const [name, { from, until }] of Object.entries(silences)) {
    const start = parseISO(from);
    if (parseISO(until) <= start) {
      const path = ["silences", name, "until"];
      const fix = setCommand(path, formatUtc(addHours(start, 1)));
      problems.push({ path, found: until, allowed: `a time after from, ${from}`, fix });
    }
  }
  return problems;
}
