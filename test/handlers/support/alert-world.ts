import type { S3Client } from "@aws-sdk/client-s3";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { expect } from "chai";
import { type AlertOptions, createAlertHandler } from "../../../handlers/alert.ts";
import type { Log, Sends } from "../../../handlers/clients/dependencies.ts";
import type { AlertState } from "../../../handlers/weather/alerts/state.ts";
import type { ProgramMessage } from "../../../handlers/weather/messages/message.ts";
import type { Values } from "../../../handlers/weather/observation/fields.ts";
import type { Rule } from "../../../handlers/weather/rules/rules.ts";
import { createFakeS3, type FakeS3 } from "./fake-s3.ts";
import { attributeOf, createFakeSns, type FakeSns } from "./fake-sns.ts";
import { type Incoming, observed } from "./kinesis-event.ts";
import { createFakeLog } from "./log.ts";
import { createFakeMeter } from "./meter.ts";
import { portoAlegre, rioGrande } from "./places.ts";

export type AlertHandler = (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;

/** The services as one container sees them. */
export interface Clients {
  readonly s3: Sends<S3Client>;
  readonly sns: Sends<SNSClient>;
}

/** S3, SNS and the log, which outlive the containers. */
export interface World {
  readonly s3: FakeS3;
  readonly sns: FakeSns;
  readonly log: ReturnType<typeof createFakeLog>;
}

export const gust: Rule = {
  hazard: "wind",
  measure: { metric: "windGust" },
  levels: { orange: 20, red: 30 },
  clear: { after: "2h", ratio: 0.9 },
};
export const rain: Rule = {
  hazard: "rain",
  measure: { metric: "rainIntensity" },
  levels: { orange: 20, red: 40 },
  clear: { after: "2h", ratio: 0.9 },
};

export const ALERT_OPTIONS: AlertOptions = {
  bucketName: "lake",
  topicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
  locations: [portoAlegre, rioGrande],
  languages: ["pt-BR"],
  rules: [gust, rain],
  silences: {},
  yellow: "message",
  doubtful: "send",
  maxPriceUsd: 0.5,
  capSender: "stormwire@example.org",
};

export function createWorld(): World {
  return { s3: createFakeS3(), sns: createFakeSns(), log: createFakeLog() };
}

/** A handler in a container of its own. */
export function container(
  clients: Clients & { readonly log?: Log },
  options: Partial<AlertOptions> = {},
): AlertHandler {
  return createAlertHandler(
    { ...ALERT_OPTIONS, ...options },
    { log: createFakeLog(), meter: createFakeMeter(), ...clients },
  );
}

/** One that goes by {@link gust} alone. */
export function gustContainer(world: World, options: Partial<AlertOptions> = {}): AlertHandler {
  return container(world, { rules: [gust], ...options });
}

/** An observation of 2024-04-30, at the hour. */
export function at(hour: number, values: Values, location = portoAlegre): Incoming {
  return observed(location, new Date(Date.UTC(2024, 3, 30, hour)).toISOString(), values);
}

/** Wind that rises to orange and red and ends. */
export const storm = [5, 25, 35, 5, 5, 5].map((windGust, hour) => at(hour, { windGust }));

/** A day on which wind rises to orange and red and rain to orange, then both end. */
export const stormyDay = (location = portoAlegre): Incoming[] => [
  at(0, { windGust: 5, rainIntensity: 0 }, location),
  at(1, { windGust: 25, rainIntensity: 25 }, location),
  at(2, { windGust: 35, rainIntensity: 0 }, location),
  ...[3, 4, 5].map((hour) => at(hour, { windGust: 5, rainIntensity: 0 }, location)),
];

/** What is told of {@link stormyDay}. */
export const STORMY_DAY_TOLD = ["wind start", "rain start", "wind escalation", "rain clear", "wind clear"];

/** Where the state of {@link portoAlegre} is stored. */
export const STATE_KEY = stateKeyOf(portoAlegre.id);

function stateKeyOf(locationId: string): string {
  return `state/alerts/${locationId}.json`;
}

export function stateOf({ s3 }: World, locationId = portoAlegre.id): AlertState {
  return JSON.parse(s3.text(stateKeyOf(locationId))) as AlertState;
}

/** Kind of each message, in the order in which SNS took them. */
export function kindsOf({ sns }: World): (string | undefined)[] {
  return sns.published.map((published) => attributeOf(published, "kind"));
}

/** Id and language of each message, in the order in which SNS took them. */
export function messagesOf({ sns }: World): string[] {
  return sns.published.map(({ Message }) => {
    const { default: text } = JSON.parse(Message ?? "{}") as { default: string };
    const { alert, language } = JSON.parse(text) as ProgramMessage;
    return `${alert?.id} ${language}`;
  });
}

/** Keys of the CAP documents. */
export function capKeysOf({ s3 }: World): string[] {
  return [...s3.objects.keys()].filter((key) => key.startsWith("cap/") && key !== "cap/index.xml").sort();
}

/** Keys of the archived transitions. */
export function archivedKeysOf({ s3 }: World): string[] {
  return [...s3.objects.keys()].filter((key) => key.startsWith("transitions/")).sort();
}

/** Ids in the CAP feed, its own first. */
export function feedIdsOf({ s3 }: World): string[] {
  return [...s3.text("cap/index.xml").matchAll(/<id>([^<]*)<\/id>/g)].map(([, id = ""]) => id);
}

/**
 * Asserts that a world has come to where an undisturbed one is: nothing lost, nothing half done, at most
 * `duplicates` messages sent more than once.
 */
export function expectWhole(world: World, undisturbed: World, duplicates: number, label: string): void {
  const sent = messagesOf(world);
  expect([...new Set(sent)].sort(), `${label}: nothing is lost`).to.deep.equal(
    messagesOf(undisturbed).sort(),
  );
  expect(sent.length - new Set(sent).size, `${label}: duplicates`).to.be.at.most(duplicates);
  expect(capKeysOf(world), label).to.deep.equal(capKeysOf(undisturbed));
  for (const key of capKeysOf(undisturbed)) {
    expect(world.s3.text(key), `${label}: ${key}`).to.equal(undisturbed.s3.text(key));
  }
  expect(archivedKeysOf(world), `${label}: the archive`).to.deep.equal(archivedKeysOf(undisturbed));
  for (const key of archivedKeysOf(undisturbed)) {
    expect(world.s3.objects.get(key), `${label}: ${key}`).to.deep.equal(undisturbed.s3.objects.get(key));
  }
  expect(feedIdsOf(world).sort(), `${label}: the feed`).to.deep.equal(feedIdsOf(undisturbed).sort());
  for (const key of undisturbed.s3.objects.keys()) {
    if (!key.startsWith("state/")) continue;
    expect(JSON.parse(world.s3.text(key)), `${label}: ${key}`).to.deep.equal(
      JSON.parse(undisturbed.s3.text(key)),
    );
  }
  expect(stateOf(world).pending, label).to.deep.equal([]);
}
