import { maskMailbox, maskPhone, maskUrl } from "../../config/mask.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import { groupsOf, type SubscriptionFilter } from "../../config/subscribers.ts";

/** A subscription as SNS lists it. */
export interface TopicSubscription {
  /** Or `PendingConfirmation`, or `Deleted` for some hours after an unsubscription. */
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
}

export type State = "confirmed" | "pending" | "missing";

/** One way to one subscriber of config. */
export interface Channel extends Required<Pick<SubscriptionFilter, "level" | "language" | "groups">> {
  readonly name: string;
  readonly protocol: "sms" | "email" | "webhook";
  /** Masked. */
  readonly endpoint: string;
  /** Undefined: all locations. */
  readonly locations?: readonly string[];
  readonly state: State;
  /** Of a pending one, where it is known: when it was asked for, ISO 8601. */
  readonly since?: string;
}

/** A subscription of the topic that is not in config. */
export interface Stray {
  /** What `aws sns unsubscribe` takes; `PendingConfirmation` for one that expires by itself. */
  readonly arn: string;
  readonly protocol: string;
  /** Masked. */
  readonly endpoint: string;
  readonly state: "confirmed" | "pending";
}

export interface Comparison {
  /** In the order of config. */
  readonly channels: readonly Channel[];
  readonly strays: readonly Stray[];
}

type People = Pick<StormwireConfig, "subscriptions" | "webhooks" | "groups" | "language">;

/** Compares the subscriptions of config with those of the topic. */
export function compareSubscriptions(config: People, listed: readonly TopicSubscription[]): Comparison {
  const actual = listed.filter(({ arn }) => arn !== "Deleted");
  const found = new Set<TopicSubscription>();
  const channels = wantedBy(config).map(({ isIt, ...wanted }): Channel => {
    const matching = actual.filter(isIt);
    for (const one of matching) found.add(one);
    const isConfirmed = matching.some((one) => stateOf(one) === "confirmed");
    return { ...wanted, state: isConfirmed ? "confirmed" : matching.length > 0 ? "pending" : "missing" };
  });
  return { channels, strays: actual.filter((one) => !found.has(one)).map(toStray) };
}

type Heard = Pick<People["subscriptions"][string], "level" | "language" | "locations">;

type Wanted = Omit<Channel, "state" | "since"> & { readonly isIt: (one: TopicSubscription) => boolean };

function wantedBy({ subscriptions, webhooks, groups, language }: People): Wanted[] {
  const heard = (name: string, entry: Heard) => ({
    name,
    level: entry.level,
    language: entry.language ?? language,
    groups: groupsOf(name, groups),
    ...(entry.locations && { locations: entry.locations }),
  });
  const people = Object.entries(subscriptions).flatMap(([name, entry]): Wanted[] => [
    ...(entry.sms === undefined ? [] : [{ ...heard(name, entry), ...phone(entry.sms) }]),
    ...(entry.email === undefined ? [] : [{ ...heard(name, entry), ...mailbox(entry.email) }]),
  ]);
  const programs = Object.entries(webhooks).map(([name, entry]) => ({
    ...heard(name, entry),
    ...webhook(name, entry.url),
  }));
  return [...people, ...programs];
}

function phone(number: string) {
  return {
    protocol: "sms" as const,
    endpoint: maskPhone(number),
    isIt: ({ protocol, endpoint }: TopicSubscription) => protocol === "sms" && endpoint === number,
  };
}

function mailbox(address: string) {
  return {
    protocol: "email" as const,
    endpoint: maskMailbox(address),
    isIt: ({ protocol, endpoint }: TopicSubscription) =>
      protocol === "email" && endpoint.toLowerCase() === address.toLowerCase(),
  };
}

/** A webhook is a function of its own: `webhook-NAME`, to which Pulumi adds seven characters on AWS. */
function webhook(name: string, url: string) {
  const functionName = new RegExp(`:function:webhook-${name}(-[0-9a-f]{7})?$`);
  return {
    protocol: "webhook" as const,
    endpoint: maskUrl(url),
    isIt: ({ protocol, endpoint }: TopicSubscription) => protocol === "lambda" && functionName.test(endpoint),
  };
}

function toStray(subscription: TopicSubscription): Stray {
  const { arn, protocol, endpoint } = subscription;
  const mask = {
    sms: maskPhone,
    email: maskMailbox,
    "email-json": maskMailbox,
    http: maskUrl,
    https: maskUrl,
  };
  const masked = Object.hasOwn(mask, protocol) ? mask[protocol as keyof typeof mask](endpoint) : endpoint;
  return { arn, protocol, endpoint: masked, state: stateOf(subscription) };
}

/** https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
function stateOf({ arn }: TopicSubscription): "confirmed" | "pending" {
  return arn === "PendingConfirmation" ? "pending" : "confirmed";
}
