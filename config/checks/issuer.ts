import type { Transition } from "../../handlers/weather/alerts/transition.ts";
import { alertMessage } from "../../handlers/weather/messages/alert-message.ts";
import { gsm7Length, toGsm7 } from "../../handlers/weather/messages/gsm7.ts";
import type { Issuer } from "../../handlers/weather/messages/issuer.ts";
import { wordsOf } from "../../handlers/weather/messages/language.ts";
import { SMS_SEPTETS } from "../../handlers/weather/messages/limits.ts";
import { conditionsOf, LEVELS, type Level, type Rule } from "../../handlers/weather/rules/rules.ts";
import { removeCommand, setCommand } from "../commands.ts";
import type { ConfigProblem } from "../problem.ts";
import { effectiveRules, rulesByLocation } from "../rules.ts";
import type { StormwireConfig } from "../schema.ts";
import { languagesOf } from "../subscribers.ts";

/** The longest value: four digits and a decimal, such as a pressure or the rain of the worst days on record. */
const LONGEST_VALUE = 1888.8;
/** Two digits of day and hour, and a month with a long name. */
const TIME = "2024-09-28T20:00:00Z";

/** Checks that every SMS has room for the sender and the advice. */
export function checkIssuer(config: StormwireConfig): ConfigProblem[] {
  const { sender, advice } = config;
  if (sender === undefined && Object.keys(advice).length === 0) return [];
  return [...unknownHazards(config), ...tooLong(config)];
}

function unknownHazards(config: StormwireConfig): ConfigProblem[] {
  const known = [...new Set(textsOf(config).map(({ transition }) => transition.hazard)), "any"];
  return Object.keys(config.advice)
    .filter((hazard) => !known.includes(hazard))
    .map((hazard) => ({
      path: ["advice", hazard],
      found: hazard,
      allowed: `a hazard that has a rule, or any: ${known.join(", ")}`,
      fix: removeCommand(["advice", hazard]),
    }));
}

/** For each sender and advice that is too long, the SMS with the least room. */
function tooLong(config: StormwireConfig): ConfigProblem[] {
  const { sender, advice } = config;
  const tightest = new Map<string, Shortage>();
  const keep = (path: readonly string[], shortage: Shortage) => {
    const name = path.join(".");
    if (shortage.room < (tightest.get(name)?.room ?? SMS_SEPTETS)) tightest.set(name, shortage);
  };
  for (const { transition, location, language } of textsOf(config)) {
    const sms = (issuer: Issuer) => alertMessage(transition, location, wordsOf(language), [], issuer).sms;
    const bare = sms({});
    const from = sender === undefined ? {} : { sender };
    const withSender = sms(from);
    if (sender !== undefined && !withSender.endsWith(bare)) {
      keep(["sender"], { found: sender, room: SMS_SEPTETS - gsm7Length(bare) - 2, sms: bare });
    }
    for (const key of [transition.hazard, "any"]) {
      const text = advice[key]?.[transition.level];
      if (text === undefined) continue;
      const own = sms({ ...from, advice: { [key]: { [transition.level]: text } } });
      if (own.includes(toGsm7(text))) continue;
      const room = SMS_SEPTETS - gsm7Length(withoutNote(withSender)) - 2;
      keep(["advice", key, transition.level], { found: text, room, sms: withSender });
    }
  }
  return [...tightest].map(([name, shortage]) => problem(name.split("."), shortage));
}

/** Advice replaces the note at the end. */
function withoutNote(sms: string): string {
  return /^.*?\d\d:\d\d\./.exec(sms)?.[0] ?? sms;
}

interface Shortage {
  readonly found: string;
  /** Characters that the SMS leaves for `found`. */
  readonly room: number;
  readonly sms: string;
}

function problem(path: readonly string[], { found, room, sms }: Shortage): ConfigProblem {
  const length = gsm7Length(toGsm7(found));
  const allowed =
    room > 0
      ? `${room} characters at most, not ${length}, for room in a text such as "${sms}"`
      : `nothing, because no room is left in a text such as "${sms}"; a shorter name of the location gives some`;
  const fix =
    room > 0 ? setCommand(path, [...toGsm7(found)].slice(0, room).join("").trim()) : removeCommand(path);
  return { path, found, allowed, fix };
}

interface Text {
  readonly transition: Transition;
  readonly location: { readonly id: string } & Omit<StormwireConfig["locations"][string], "rules">;
  readonly language: ReturnType<typeof languagesOf>[number];
}

/** The longest SMS of every rule, level, location and language. */
function textsOf(config: StormwireConfig): Text[] {
  const ofStack = effectiveRules(config.rules);
  const own = rulesByLocation(config);
  return Object.entries(config.locations).flatMap(([id, location]) =>
    (own[id] ?? ofStack).flatMap((rule) =>
      LEVELS.flatMap((level) =>
        conditionsOf(rule).every(({ levels }) => levels[level] === undefined)
          ? []
          : languagesOf(config).map((language) => ({
              transition: riseTo(level, rule, id),
              location: { id, ...location },
              language,
            })),
      ),
    ),
  );
}

function riseTo(level: Level, rule: Rule, location: string): Transition {
  const conditions = conditionsOf(rule).map(({ measure, below = false, levels }) => ({
    measure,
    below,
    value: LONGEST_VALUE,
    threshold: levels[level] ?? LONGEST_VALUE,
  }));
  const [first] = conditions;
  if (first === undefined) throw new Error(`rule of ${rule.hazard} has no condition`);
  const kind = "escalation";
  return {
    id: "",
    time: TIME,
    since: TIME,
    location,
    hazard: rule.hazard,
    level,
    kind,
    unconfirmed: true, // the longest form
    ...first,
    ...(conditions.length > 1 && { conditions }),
  };
}
