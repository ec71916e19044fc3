import { z } from "zod";
import { LEVELS, type Level } from "../handlers/weather/rules/rules.ts";
import { LIMITS, OWN_LIMITS } from "./limits.ts";
import { scheduleBodyRefusal } from "./schedules.ts";
import {
  checked,
  described,
  hazardName,
  httpUrl,
  key,
  language,
  level,
  number,
  phoneRefusal,
  text,
  timeZone,
} from "./values.ts";

const filter = {
  level: level.default("yellow"),
  locations: z.array(key).min(1).optional(),
  /** Defaults to the language of the stack. */
  language: language.optional(),
};

const subscription = z
  .strictObject({
    sms: described(
      checked(phoneRefusal, z.e164()).optional(),
      `the number of a mobile phone in E.164: + and ${LIMITS.phone.minimum} to ${LIMITS.phone.maximum} digits`,
      "+12025550100",
    ),
    email: described(z.email().optional(), "an e-mail address", "duty@example.org"),
    ...filter,
    /** Former names of this entry. The existing subscription is kept under the new name. */
    was: z
      .union([key, z.array(key).min(OWN_LIMITS.formerNames.minimum).max(OWN_LIMITS.formerNames.maximum)])
      .meta({
        allowed: `a name that this entry had before, or a list of ${OWN_LIMITS.formerNames.minimum} to ${OWN_LIMITS.formerNames.maximum} such names`,
        example: "duty",
      })
      .transform((names) => [names].flat())
      .optional(),
  })
  .refine((value) => value.sms !== undefined || value.email !== undefined)
  .meta({
    allowed: "an object with sms, email or both",
    example: { sms: "+12025550100", level: "orange" },
  });

const advice = text("a line of advice", OWN_LIMITS.advice, "Ligue 199").optional();

const webhook = z
  .strictObject({
    url: httpUrl,
    /** `json`: signed, see docs/webhooks.md; `slack` and `telegram`: in the shape that their services take. */
    format: described(z.enum(["json", "slack", "telegram"]), "json, slack or telegram", "json").default(
      "json",
    ),
    /** Key of the signature, as Standard Webhooks writes it. */
    secret: described(
      z
        .string()
        .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/)
        .optional(),
      "whsec_ and 24 to 64 random bytes in base64",
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ),
    /** Of a Telegram chat. */
    chatId: described(
      z
        .string()
        .regex(/^-?\d{1,20}$|^@\w{5,32}$/)
        .optional(),
      "a chat's id or @name",
      "@weather",
    ),
    ...filter,
  })
  .meta({
    allowed: "an object with url; with secret for json (the default format), with chatId for telegram",
    example: { url: "https://hooks.example.org/weather", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
  });

const message = z
  .strictObject({
    cron: described(
      checked(scheduleBodyRefusal("cron")).optional(),
      `six fields of an AWS cron expression that comes due, ${LIMITS.scheduleExpression.maximum - "cron()".length} characters at most`,
      "0 7 * * ? *",
    ),
    rate: described(
      checked(scheduleBodyRefusal("rate")).optional(),
      `a whole number, ${LIMITS.schedulePeriod.minimum} or more, and minutes, hours or days; ${OWN_LIMITS.schedulePeriod.maximum} days at most`,
      "12 hours",
    ),
    at: described(
      checked(scheduleBodyRefusal("at")).optional(),
      "a local date and time, YYYY-MM-DDThh:mm:ss",
      "2026-12-24T18:00:00",
    ),
    timeZone,
    text: text("a text", OWN_LIMITS.text, "Siren test at noon").optional(),
    digest: described(z.literal(true).optional(), "true", true),
    /** An exercise that tests the path to the subscribers. It is marked as an exercise everywhere. */
    drill: z.strictObject({ hazard: hazardName, level }).optional(),
    /** Names of subscriptions, groups and webhooks. */
    audience: z
      .union([z.literal("all"), z.array(key).min(1)])
      .meta({ allowed: "all, or a list of names", example: "all" })
      .default("all"),
  })
  .refine(({ cron, rate, at }) => one(cron, rate, at))
  .refine(({ text, digest, drill }) => one(text, digest, drill))
  .meta({
    allowed: "an object with one of cron, rate and at, with timeZone, and with one of text, digest and drill",
    example: { cron: "0 7 * * ? *", timeZone: "America/Sao_Paulo", digest: true },
  });

function one(...values: readonly unknown[]): boolean {
  return values.filter((value) => value !== undefined).length === 1;
}

/** Who is notified, how and when. */
export const peopleSchema = {
  language: language.default("pt-BR"),
  subscriptions: z.record(key, subscription).prefault({}),
  /** Names that stand for several subscriptions in an audience. */
  groups: z.record(key, z.array(key).min(1)).prefault({}),
  webhooks: z.record(key, webhook).prefault({}),
  messages: z.record(key, message).prefault({}),
  /** Who sends: the first words of every message. */
  sender: text("a sender's name", OWN_LIMITS.sender, "Defesa Civil").optional(),
  /** What to do, in one short line, by hazard (or `any`) and level. */
  advice: z
    .record(
      hazardName,
      z.strictObject(Object.fromEntries(LEVELS.map((one) => [one, advice])) as Record<Level, typeof advice>),
    )
    .prefault({}),
  sms: z
    .strictObject({
      /** SNS does not send a text that would cost more. */
      maxPriceUsd: number(OWN_LIMITS.smsPrice, 0.5).default(0.5),
      /** Monthly SMS spend of the account at which SNS stops sending. Ops are notified before. */
      monthlyLimitUsd: number(OWN_LIMITS.smsSpend, 20).default(1),
    })
    .prefault({}),
  cap: z
    .strictObject({
      /** Who issues the CAP messages. */
      sender: described(
        z.string().regex(new RegExp(`^[^\\s,<&]{1,${OWN_LIMITS.capSender.maximum}}$`)),
        `a name of 1 to ${OWN_LIMITS.capSender.maximum} characters without spaces, commas, < and &, best with a domain name`,
        "stormwire@example.org",
      ).default("stormwire"),
    })
    .prefault({}),
};
