import { counted } from "../../lib/counted.ts";
import { keyPath, removeCommand } from "../commands.ts";
import { LIMITS } from "../limits.ts";
import { maskMailbox, maskPhone, Shown } from "../mask.ts";
import { type ConfigProblem, unknownName } from "../problem.ts";
import type { StormwireConfig } from "../schema.ts";
import { combinations, type FilterPolicy, filterPolicy, groupsOf } from "../subscribers.ts";

/** Checks the names and endpoints of subscribers, and the limits of SNS on one topic. */
export function checkPeople(config: StormwireConfig): ConfigProblem[] {
  return [
    locationsOfSubscribers(config),
    groupMembers(config),
    names(config),
    audiences(config),
    formerNames(config),
    endpoints(config),
    policies(config),
    policyCount(config),
  ].flat();
}

/** Subscriptions and webhooks with their key paths. */
function subscribers({ subscriptions, webhooks }: StormwireConfig) {
  return Object.entries({ subscriptions, webhooks }).flatMap(([section, entries]) =>
    Object.entries(entries).map(([name, entry]) => ({ path: [section, name], name, entry })),
  );
}

function locationsOfSubscribers(config: StormwireConfig): ConfigProblem[] {
  const known = Object.keys(config.locations);
  return subscribers(config).flatMap(({ path, entry: { locations = [] } }) =>
    unknownNames([...path, "locations"], locations, "locations", known),
  );
}

function groupMembers({ groups, subscriptions }: StormwireConfig): ConfigProblem[] {
  return Object.entries(groups).flatMap(([group, members]) =>
    unknownNames(
      ["groups", group],
      members,
      "subscriptions",
      Object.keys(subscriptions),
      renamed(subscriptions),
    ),
  );
}

function audiences({ messages, subscriptions, groups, webhooks }: StormwireConfig): ConfigProblem[] {
  const known = [...new Set([subscriptions, groups, webhooks].flatMap((entries) => Object.keys(entries)))];
  return Object.entries(messages).flatMap(([name, { audience }]) =>
    audience === "all"
      ? []
      : unknownNames(
          ["messages", name, "audience"],
          audience,
          "subscriptions, groups and webhooks",
          known,
          renamed(subscriptions),
        ),
  );
}

function unknownNames(
  path: readonly PropertyKey[],
  wanted: readonly string[],
  kind: string,
  known: readonly string[],
  current: ReadonlyMap<string, string> = new Map(),
): ConfigProblem[] {
  return wanted.flatMap((name, index) =>
    known.includes(name) ? [] : [unknownName([...path, index], name, kind, known, current.get(name))],
  );
}

/** Current name by former name. */
function renamed(subscriptions: StormwireConfig["subscriptions"]): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(subscriptions).flatMap(([name, { was = [] }]) =>
      was.map((former) => [former, name] as const),
    ),
  );
}

/** An audience is a list of names, so each name must be unique among subscriptions, webhooks and groups. */
function names({ subscriptions, groups, webhooks }: StormwireConfig): ConfigProblem[] {
  const taken = new Map<string, string>([["all", "all subscribers"]]);
  return Object.entries({ subscriptions, webhooks, groups }).flatMap(([section, entries]) =>
    Object.keys(entries).flatMap((name): ConfigProblem[] => {
      const path = [section, name];
      const owner = taken.get(name);
      taken.set(name, owner ?? keyPath(path));
      return owner === undefined
        ? []
        : [
            {
              path,
              found: name,
              allowed: `a name of its own: in an audience, ${name} stands for ${owner}`,
              fix: `give ${keyPath(path)} another name in the stack's Pulumi.*.yaml; its secrets move along as they are`,
            },
          ];
    }),
  );
}

/** A resource in Pulumi's state under a former name can be renamed only once. */
function formerNames({ subscriptions }: StormwireConfig): ConfigProblem[] {
  const first = new Map<string, string>();
  return Object.entries(subscriptions).flatMap(([name, { was = [] }]) =>
    was.flatMap((former, index): ConfigProblem[] => {
      const path = ["subscriptions", name, "was"];
      const owner = first.get(former);
      first.set(former, owner ?? keyPath([...path, index]));
      const allowed = allowedFormerName(former);
      return allowed === undefined
        ? []
        : [{ path: [...path, index], found: former, allowed, fix: removeCommand(path) }];

      function allowedFormerName(former: string): string | undefined {
        if (former === name) return `a name that it had before: ${name} is its name now`;
        if (Object.hasOwn(subscriptions, former)) {
          return `a name that is no longer in use: it is that of ${keyPath(["subscriptions", former])}. Passing a name on takes two updates`;
        }
        return owner && `each former name once: ${owner} says it, too`;
      }
    }),
  );
}

/** SNS has one subscription per endpoint and rejects a second one with another filter policy in the middle of an update. */
function endpoints({ subscriptions }: StormwireConfig): ConfigProblem[] {
  const first = new Map<string, string>();
  return Object.entries(subscriptions).flatMap(([name, { sms, email }]) =>
    [
      { key: "sms", endpoint: sms, masked: sms && maskPhone(sms) },
      // Few mail servers distinguish capitals, so the same person would receive everything twice.
      { key: "email", endpoint: email?.toLowerCase(), masked: email && maskMailbox(email) },
    ].flatMap(({ key, endpoint, masked }): ConfigProblem[] => {
      const path = ["subscriptions", name, key];
      const owner = endpoint === undefined ? undefined : first.get(endpoint);
      if (endpoint !== undefined && owner === undefined) {
        first.set(endpoint, keyPath(path));
      }
      return owner === undefined
        ? []
        : [
            {
              path,
              found: new Shown(`${masked}, as in ${owner}`),
              allowed: "each phone number and mailbox once: SNS keeps one subscription of it on the topic",
              fix: removeCommand(path),
            },
          ];
    }),
  );
}

function policies(config: StormwireConfig): ConfigProblem[] {
  return subscribers(config).flatMap(({ path, name, entry }) => {
    const groups = groupsOf(name, config.groups);
    const policy = filterPolicy(name, { ...entry, language: entry.language ?? config.language, groups });
    if (combinations(policy) <= LIMITS.filterCombinations.maximum) {
      return [];
    }
    const { locations } = entry;
    const locationsAtMost = Math.floor(LIMITS.filterCombinations.maximum / policy.audience.length);
    const fewerLocations = `with ${counted(groups.length, "group")}, ${counted(locationsAtMost, "location")}, or all locations by leaving the key out`;
    const lastGroup = groups.at(-1) ?? "";
    return [
      {
        path: locations === undefined ? path : [...path, "locations"],
        found: `${productOf(policy)} combinations of values in its filter policy`,
        allowed: `${LIMITS.filterCombinations.maximum} at most in SNS: ${locationsAtMost > 0 ? fewerLocations : "fewer groups"}`,
        fix: removeCommand(
          locations === undefined
            ? ["groups", lastGroup, config.groups[lastGroup]?.indexOf(name) ?? 0]
            : [...path, "locations"],
        ),
      },
    ];
  });
}

/** `audience 3 x location 60 = 180` */
function productOf(policy: FilterPolicy): string {
  const factors = Object.entries(policy)
    .filter(([, values]) => values.length > 1)
    .map(([attribute, values]) => `${attribute} ${values.length}`);
  return `${factors.join(" x ")} = ${combinations(policy)}`;
}

function policyCount(config: StormwireConfig): ConfigProblem[] {
  const phones = Object.values(config.subscriptions).filter(({ sms }) => sms !== undefined).length;
  const mailboxes = Object.values(config.subscriptions).filter(({ email }) => email !== undefined).length;
  const webhooks = Object.keys(config.webhooks).length;
  return phones + mailboxes + webhooks <= LIMITS.filterPolicies.maximum
    ? []
    : [
        {
          path: [phones + mailboxes > 0 ? "subscriptions" : "webhooks"],
          found: `${phones} phones, ${mailboxes} mailboxes and ${webhooks} webhooks`,
          allowed: `${LIMITS.filterPolicies.maximum} in all: each has a filter policy, and SNS takes no more on one topic`,
          fix: removeCommand(["subscriptions", "NAME"]),
        },
      ];
}
