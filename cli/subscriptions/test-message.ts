import type { StormwireConfig } from "../../config/schema.ts";
import { LEVEL_OF_SCHEDULED, type Routing } from "../../handlers/clients/publisher.ts";
import { wordsOf } from "../../handlers/weather/messages/language.ts";
import type { Message } from "../../handlers/weather/messages/message.ts";
import { textMessage } from "../../handlers/weather/messages/scheduled-message.ts";
import type { Language } from "../../handlers/weather/messages/tags.ts";
import { nearestOf } from "../../lib/nearest.ts";
import { UserError } from "../../lib/user-error.ts";
import type { Channel } from "./compare.ts";

/** A message that reaches one subscriber, and the channels of theirs that it does not reach. */
export interface TestMessage {
  readonly message: Message;
  readonly routing: Routing;
  readonly reached: readonly Channel[];
  readonly missed: readonly Channel[];
}

const TEXTS: Readonly<Record<Language, (stack: string) => string>> = {
  en: (stack) =>
    `TEST of Stormwire (${stack}): weather alerts reach you here. Nothing is happening and nothing needs doing.`,
  "pt-BR": (stack) =>
    `TESTE do Stormwire (${stack}): os alertas do tempo chegam aqui. Não há perigo e nada precisa ser feito.`,
};

/**
 * Composes a test for the subscriber `name`. It goes through the topic, as alerts do, addressed to that name alone: no
 * other subscription's filter policy matches.
 *
 * @throws {UserError} for a name that is not a subscription or webhook of config
 */
export function testMessage(
  name: string,
  stack: string,
  { locations }: Pick<StormwireConfig, "locations">,
  channels: readonly Channel[],
): TestMessage {
  const own = channels.filter((channel) => channel.name === name);
  const [first] = own;
  if (first === undefined) throw new UserError(unknownName(name, channels));
  return {
    message: textMessage(TEXTS[first.language](stack), wordsOf(first.language)),
    routing: {
      audience: [name],
      level: LEVEL_OF_SCHEDULED,
      location: Object.keys(locations),
      language: first.language,
      hazard: "none",
      kind: "message",
    },
    reached: own.filter(({ state }) => state === "confirmed"),
    missed: own.filter(({ state }) => state !== "confirmed"),
  };
}

function unknownName(name: string, channels: readonly Channel[]): string {
  const names = [...new Set(channels.map((channel) => channel.name))];
  if (names.length === 0) return `--test ${name}: config has no subscriptions and no webhooks`;
  const meant = nearestOf(name, names);
  const hint = meant === undefined ? "" : `did you mean ${meant}? `;
  return `--test ${name} is not in config: ${hint}Allowed are ${names.join(", ")}`;
}

/** What was sent where, and what was not and why: one line a channel. */
export function formatTest({ reached, missed, message }: TestMessage): string {
  const lines = [
    ...reached.map(({ protocol, endpoint }) => `sent      ${protocol.padEnd(7)}  ${endpoint}`),
    ...missed.map(
      ({ protocol, endpoint, state }) =>
        `not sent  ${protocol.padEnd(7)}  ${endpoint}: the subscription is ${state}; npx stormwire subscriptions says what to do`,
    ),
  ];
  return `${lines.join("\n")}${reached.length > 0 ? `\n\n${message.sms}` : ""}\n`;
}
