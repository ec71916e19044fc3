import { setCommand } from "../../config/commands.ts";
import { utc } from "../start/text.ts";
import { explainAccount, type SmsAccount } from "../subscriptions/account.ts";
import type { ExaminedStack } from "./examined-stack.ts";
import type { Check, Finding } from "./finding.ts";

/** Whether subscribers and ops receive what is sent. */
export const PEOPLE: readonly Check[] = [
  { name: "subscriptions", look: subscriptions },
  { name: "ops mail", look: opsMail },
  { name: "sms", look: sms },
];

async function subscriptions(stack: ExaminedStack): Promise<Finding[]> {
  const check = "subscriptions";
  const { channels, strays } = await stack.subscriptions();
  const of = (state: string) => channels.filter((channel) => channel.state === state);
  const [missing, pending, confirmed] = [of("missing"), of("pending"), of("confirmed")];
  const names = (some: typeof channels) =>
    some
      .map(({ name, protocol, since }) =>
        since === undefined ? `${name} ${protocol}` : `${name} ${protocol} since ${utc(new Date(since))}`,
      )
      .join(", ");
  const parts = [
    `${confirmed.length} confirmed`,
    ...(pending.length > 0 ? [`pending: ${names(pending)}`] : []),
    ...(missing.length > 0 ? [`missing: ${names(missing)}`] : []),
    ...(strays.length > 0 ? [`${strays.length} not in config`] : []),
  ];
  const state = missing.length > 0 ? "fail" : pending.length + strays.length > 0 ? "warn" : "ok";
  const todo = `npx stormwire subscriptions${stack.commandOptions}: who it is and what to do; docs/subscriptions.md`;
  return [{ check, state, found: parts.join("; "), ...(state !== "ok" && { todo }) }];
}

async function opsMail(stack: ExaminedStack): Promise<Finding[]> {
  const check = "ops mail";
  const { opsEmail } = stack.config;
  if (opsEmail === undefined) {
    const found = "none: stormwire:opsEmail is not set, so nobody is notified of alarms";
    const todo = `${setCommand(["opsEmail"], "ops@example.org", stack.stack)}, then pulumi up`;
    return [{ check, state: "warn", found, todo }];
  }
  const state = await stack.opsMail(opsEmail);
  if (state === "confirmed") return [{ check, state: "ok", found: "confirmed" }];
  const todo =
    state === "pending"
      ? "follow the link in the mail that AWS sent: until then nobody is notified of alarms"
      : `pulumi up --refresh --stack ${stack.stack} subscribes it again: until then nobody is notified of alarms`;
  return [{ check, state: "fail", found: state, todo }];
}

/** The default type has no effect here, so it is no finding. */
async function sms(stack: ExaminedStack): Promise<Finding[]> {
  const phones = Object.values(stack.config.subscriptions).filter((one) => one.sms !== undefined).length;
  const account = await stack.smsAccount();
  return explainAccount(account, phones)
    .filter(({ subject }) => subject !== "default type")
    .map(({ subject, text, isWarning }) => ({
      check: `sms ${subject}`,
      state: isDenied(account, subject) ? "unknown" : isWarning ? "warn" : "ok",
      found: text.replace(/^unknown: /, ""),
    }));
}

function isDenied({ isInSandbox, attributes }: SmsAccount, subject: string): boolean {
  return "denied" in (subject === "sandbox" ? isInSandbox : attributes);
}
