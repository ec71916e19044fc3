/** What a service answered, or its refusal. */
export type Answer<Value> = { readonly value: Value } | { readonly denied: string };

/** What the account may do with SMS in the topic's region. */
export interface SmsAccount {
  readonly region: string;
  readonly isInSandbox: Answer<boolean>;
  /** By AWS's names. https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html */
  readonly attributes: Answer<Readonly<Record<string, string>>>;
}

/** One fact of the account in plain words. */
export interface Finding {
  readonly subject: "sandbox" | "spend limit" | "default type";
  readonly text: string;
  /** It keeps text messages from subscribers, now or soon. */
  readonly isWarning: boolean;
}

/** US dollars a month that AWS grants an account before it asks for more. https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html */
const FIRST_SPEND_LIMIT = 1;

const MOVE_OUT = "https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox-moving-to-production.html";
const SPEND_MORE = "https://docs.aws.amazon.com/sns/latest/dg/channels-sms-awssupport-spend-threshold.html";

/** The account's SMS state explained to who has `phones` SMS subscriptions. */
export function explainAccount({ isInSandbox, attributes }: SmsAccount, phones: number): Finding[] {
  return [sandbox(isInSandbox, phones), spendLimit(attributes, phones), defaultType(attributes)];
}

function sandbox(isInSandbox: SmsAccount["isInSandbox"], phones: number): Finding {
  const subject = "sandbox";
  if ("denied" in isInSandbox) {
    return { subject, text: `unknown: ${isInSandbox.denied}`, isWarning: false };
  }
  if (!isInSandbox.value) {
    return { subject, text: "no: any number receives texts", isWarning: false };
  }
  const text =
    "yes: only numbers that are verified in this account and region receive texts, ten at most. Verify one with " +
    `aws sns create-sms-sandbox-phone-number --phone-number NUMBER, or ask AWS to leave it: ${MOVE_OUT}`;
  return { subject, text, isWarning: phones > 0 };
}

function spendLimit(attributes: SmsAccount["attributes"], phones: number): Finding {
  const subject = "spend limit";
  if ("denied" in attributes) {
    return { subject, text: `unknown: ${attributes.denied}`, isWarning: false };
  }
  const { MonthlySpendLimit: limit = String(FIRST_SPEND_LIMIT) } = attributes.value;
  const stops = `$${limit} a month: SNS stops sending texts within minutes of its being spent`;
  const isFirst = Number(limit) <= FIRST_SPEND_LIMIT;
  return {
    subject,
    text: isFirst ? `${stops}. It is what every account begins with; ask AWS for more: ${SPEND_MORE}` : stops,
    isWarning: isFirst && phones > 0,
  };
}

function defaultType(attributes: SmsAccount["attributes"]): Finding {
  const subject = "default type";
  if ("denied" in attributes) {
    return { subject, text: `unknown: ${attributes.denied}`, isWarning: false };
  }
  const { DefaultSMSType: type = "Promotional" } = attributes.value;
  return {
    subject,
    text: `${type}: without effect, each message says Transactional itself`,
    isWarning: false,
  };
}
