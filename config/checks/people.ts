import { counted } from "../../lib/counted.ts";
import { keyPath, removeCommand } from "../commands.ts";
import { LIMITS } from "../limits.ts";
import { maskMailbox, maskPhone, Shown } from "../mask.ts";
import { type ConfigProblem, unknownName } from "../problem.ts";
import type { StormwireConfig } from "../schema.ts";
import { combinations, type FilterPolicy, filterPolicy, groupsOf } from "../subscribers.ts";

/** Who is told: names that must exist or be one's own, endpoints that must differ, and what SNS takes on one topic. */
export function checkPeople(config: StormwireConfig): ConfigProblem[] {
  return [
    places(config),
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

function places(config: StormwireConfig): ConfigProblem[] {
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

/** Former name -> the one that it goes by now. */
function renamed(subscriptions: StormwireConfig["subscriptions"]): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(subscriptions).flatMap(([name, { was = [] }]) =>
      was.map((former) => [former, name] as const),
    ),
  );
}

/** An audience is a list of names: each must stand for one thing, and "all" for everybody. */
function names({ subscriptions, groups, webhooks }: StormwireConfig): ConfigProblem[] {
  const taken = new Map<string, string>([["all", "everybody"]]);
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

/** What Pulumi's state holds under a former name can become one thing only. */
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
          return `a name that nobody has now: it is that of ${keyPath(["subscriptions", former])}. A name that goes on to somebody else takes two updates`;
        }
        return owner && `each former name once: ${owner} says it, too`;
      }
    }),
  );
}

/** SNS keeps one subscription an endpoint: a second one with another filter policy is refused, half way through an update. */
function endpoints({ subscriptions }: StormwireConfig): ConfigProblem[] {
  const first = new Map<string, string>();
  return Object.entries(subscriptions).flatMap(([name, { sms, email }]) =>
    [
      { key: "sms", endpoint: sms, masked: sms && maskPhone(sms) },
      // Few mail servers tell capitals apart; the same person would get everything twice.
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
    const placesAtMost = Math.floor(LIMITS.filterCombinations.maximum / policy.audience.length);
    const fewerPlaces = `with ${counted(groups.length, "group")}, ${counted(placesAtMost, "place")}, or every place: no locations at all`;
    const lastGroup = groups.at(-1) ?? "";
    return [
      {
        path: locations === undefined ? path : [...path, "locations"],
        found: `${productOf(policy)} combinations of values in its filter policy`,
        allowed: `${LIMITS.filterCombinations.maximum} at most in SNS: ${placesAtMost > 0 ? fewerPlaces : "fewer groups"}`,
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
