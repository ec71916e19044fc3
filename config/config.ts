import * as pulumi from "@pulumi/pulumi";
import type { Advice, Issuer } from "../handlers/weather/messages/issuer.ts";
import type { Language } from "../handlers/weather/messages/tags.ts";
import type { Location } from "../handlers/weather/observation/location.ts";
import type { QuietHours, Silence } from "../handlers/weather/rules/mute.ts";
import type { Doubtful } from "../handlers/weather/rules/plan.ts";
import type { Rule } from "../handlers/weather/rules/rules.ts";
import { parseConfig, previewConfig } from "./check.ts";
import { ConfigError } from "./problem.ts";
import { ruleTable } from "./rule-table.ts";
import { effectiveRules, rulesByLocation } from "./rules.ts";
import type { StormwireConfig } from "./schema.ts";
import { languagesOf } from "./subscribers.ts";

/** The stack's config as `index.ts` hands it on: locations as a list, rules resolved, what belongs together in one value. */
interface ProgramConfig
  extends Omit<StormwireConfig, "locations" | "rules" | "quietHours" | "sender" | "advice"> {
  readonly locations: readonly Location[];
  readonly alerting: Alerting;
  readonly wording: Wording;
}

/** When an observation becomes an alert, and which alerts are muted. */
export interface Alerting {
  readonly rules: readonly Rule[];
  /** By location id, for locations with rules of their own. Replaces `rules`. */
  readonly rulesByLocation: Readonly<Record<string, readonly Rule[]>>;
  readonly yellow: "message" | "digest";
  readonly doubtful: Doubtful;
  readonly quietHours?: QuietHours;
  /** By name. */
  readonly silences: Readonly<Record<string, Silence>>;
}

/** Sender, limits and languages of every message. */
export interface Wording {
  /** Every language that a subscriber receives messages in. */
  readonly languages: readonly Language[];
  readonly issuer: Issuer;
  /** `sender` of CAP documents. */
  readonly capSender: string;
  /** The highest price of one SMS, US dollars. */
  readonly maxPriceUsd: number;
}

/**
 * Reads the whole stack config once and checks all of it before any resource is declared.
 *
 * @throws {pulumi.RunError} whose message is that of the ConfigError: Pulumi prints it without a stack trace.
 */
export function readConfig(): ProgramConfig {
  const stack = pulumi.getStack();
  // A preview comes before every update; the update itself may begin when the hour has just struck.
  const config = refusedByPulumi(() =>
    pulumi.runtime.isDryRun() ? preview(stack) : parseConfig(pulumi.runtime.allConfig(), stack),
  );
  const { yellow, doubtful } = config.rules;
  const { quietHours, silences } = config;
  return {
    ...config,
    locations: Object.entries(config.locations).map(([id, { rules: _, ...location }]) => ({
      id,
      ...location,
    })),
    alerting: {
      rules: effectiveRules(config.rules),
      rulesByLocation: rulesByLocation(config),
      yellow,
      doubtful,
      ...(quietHours && { quietHours }),
      silences,
    },
    wording: {
      languages: languagesOf(config),
      issuer: issuerOf(config),
      capSender: config.cap.sender,
      maxPriceUsd: config.sms.maxPriceUsd,
    },
  };
}

function preview(stack: string): StormwireConfig {
  const { warnings, ...checked } = previewConfig(
    pulumi.runtime.allConfig(),
    stack,
    pulumi.getRootDirectory(),
    new Date(),
  );
  for (const warning of warnings) pulumi.log.warn(warning);
  if (checked.error !== undefined) throw checked.error;
  pulumi.log.info(`Rules of stack "${stack}"\n\n${ruleTable(checked.config)}`);
  return checked.config;
}

function refusedByPulumi<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new pulumi.RunError(cause.message);
  }
}

/** The sender and its advice, as the functions receive them. */
function issuerOf({
  sender,
  advice,
}: Pick<StormwireConfig, "advice"> & { sender?: string | undefined }): Issuer {
  return { ...(sender !== undefined && { sender }), advice: advice as Advice };
}
