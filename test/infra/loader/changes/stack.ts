import type { Change } from "../difference.ts";

/** `pulumi config set --path` and `rm --path` below `stormwire:`, or files of `queries/`; and what the update touches. */
export interface ConfigChange {
  readonly what: string;
  /** Path -> value. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  /** File of `queries/` -> its text, or null when it is taken away. */
  readonly queries?: Readonly<Record<string, string | null>>;
  /** `KIND NAME` -> change; `KIND *` stands for every resource of the kind that is not named. */
  readonly touches: Readonly<Record<string, Change>>;
}

export const canoas = {
  name: "Canoas",
  latitude: -29.9178,
  longitude: -51.1836,
  timeZone: "America/Sao_Paulo",
};
export const duty = { sms: "+12025550101", email: "duty@example.org", level: "orange" };
export const mayor = { email: "mayor@example.org", level: "red", locations: ["porto-alegre"] };
export const siren = { url: "https://hooks.example.org/siren", secret: `whsec_${"A".repeat(32)}` };
const digest = { cron: "0 7 * * ? *", timeZone: "America/Sao_Paulo", digest: true };
export const meeting = { at: "2030-05-02T18:00:00", timeZone: "America/Sao_Paulo", text: "Meeting at seven" };

/** A stack that has one or two of everything: what it sets beside `Pulumi.dev.yaml`. */
export const BEFORE: Readonly<Record<string, unknown>> = {
  apiKey: "key",
  source: { provider: "tomorrow.io", callsPerDay: 1000 },
  "locations.canoas": canoas,
  subscriptions: { duty, mayor },
  groups: { council: ["mayor"] },
  webhooks: { siren },
  messages: { digest, meeting },
};

/** Those whose code holds the rules, and the languages that somebody hears in. */
export const RULE_HANDLERS = {
  "lambda.Function alert": "update",
  "lambda.Function notify": "update",
} as const;
