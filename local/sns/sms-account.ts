import * as z from "zod";
import { type Graph, resourcesOfType } from "../graph.ts";

export const SMS_PREFERENCES_TYPE = "aws:sns/smsPreferences:SmsPreferences";

/** The SMS settings of an account. */
export interface SmsAccount {
  /** In the sandbox only verified numbers receive SMS. */
  readonly isInSandbox: boolean;
  /** The attributes that are set, by AWS's names. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html */
const ATTRIBUTE_NAMES = {
  MonthlySpendLimit: "monthlySpendLimit",
  DeliveryStatusIAMRole: "deliveryStatusIamRoleArn",
  DeliveryStatusSuccessSamplingRate: "deliveryStatusSuccessSamplingRate",
  DefaultSenderID: "defaultSenderId",
  DefaultSMSType: "defaultSmsType",
  UsageReportS3Bucket: "usageReportS3Bucket",
} as const;

export const SMS_ATTRIBUTE_NAMES: readonly string[] = Object.keys(ATTRIBUTE_NAMES);

/** US dollars a month that an account may spend on SMS until AWS raises it. https://docs.aws.amazon.com/sns/latest/dg/sms_preferences.html */
const DEFAULT_MONTHLY_SPEND_LIMIT = "1";

const settingSchema = z.union([z.string(), z.number()]).optional();

/** The account's SMS settings: those of the program, or AWS's defaults. They are returned to clients but not enforced. */
export function smsAccountOf(graph: Graph, isInSandbox: boolean): SmsAccount {
  const [preferences] = resourcesOfType(graph, SMS_PREFERENCES_TYPE);
  const declared = Object.entries(ATTRIBUTE_NAMES).flatMap(([name, input]) => {
    const value = settingSchema.parse(preferences?.inputs[input]);
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  return {
    isInSandbox,
    attributes: { MonthlySpendLimit: DEFAULT_MONTHLY_SPEND_LIMIT, ...Object.fromEntries(declared) },
  };
}
