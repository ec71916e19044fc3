import { randomBytes } from "node:crypto";
import {
  type ClientSettings,
  type Clients,
  type Credentials,
  createClients,
  createMakers,
  type Makers,
} from "../clients.ts";
import type { Pace } from "../pace.ts";
import { Cleanup } from "./cleanup.ts";

/** What the names of all resources begin with: what a killed run leaves is found by it. */
export const PREFIX = "stormwire-contract-";

/** On every resource that takes tags. A mapping's own (uuid) name has no prefix, and is found by these alone. */
export const TAGS: Readonly<Record<string, string>> = { project: "stormwire", environment: "contract" };

/** {@link TAGS} for services that want a list. */
export const TAG_LIST = Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value }));

/** A user of IAM that a line declares. */
export interface MadeCaller {
  readonly arn: string;
  readonly credentials: Credentials;
}

/** With what resources are made, and what has been made so far, by the names that the line gave. */
export interface Making extends Disposable {
  readonly clients: Clients;
  readonly makers: Makers;
  readonly pace: Pace;
  /** {@link PREFIX} and what makes it this world's own. */
  readonly prefix: string;
  readonly cleanup: Cleanup;
  readonly callers: Map<string, MadeCaller>;
  readonly streamArns: Map<string, string>;
  readonly topicArns: Map<string, string>;
  readonly queueUrls: Map<string, string>;
}

export function startMaking(settings: ClientSettings, pace: Pace): Making {
  const ofBackend = { ...settings, maxAttempts: pace.attempts };
  const [clients, makers] = [createClients(ofBackend), createMakers(ofBackend)];
  return {
    clients,
    makers,
    pace,
    prefix: `${PREFIX}${randomBytes(4).toString("hex")}`,
    cleanup: new Cleanup(),
    callers: new Map(),
    streamArns: new Map(),
    topicArns: new Map(),
    queueUrls: new Map(),
    [Symbol.dispose]() {
      clients[Symbol.dispose]();
      makers[Symbol.dispose]();
    },
  };
}

/** What a line calls `own`. Throws where it declares no such thing. */
export function known<Value>(values: ReadonlyMap<string, Value>, own: string): Value {
  const value = values.get(own);
  if (value === undefined) throw new Error(`${own} is not among what the line declares`);
  return value;
}

/** A field that the documentation promises and the SDK's types do not. */
export function answered<Value>(value: Value | undefined, field: string): Value {
  if (value === undefined) throw new Error(`the answer has no ${field}`);
  return value;
}

/** Policy document of these statements. */
export function policyOf(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
