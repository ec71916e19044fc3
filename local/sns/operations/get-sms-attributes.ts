import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import type { SnsContext } from "../context.ts";
import { invalidParameter } from "../errors.ts";
import { SMS_ATTRIBUTE_NAMES } from "../sms-account.ts";

const inputSchema = z.strictObject({ attributes: z.array(z.string()).optional() });

type Input = z.infer<typeof inputSchema>;

/** https://docs.aws.amazon.com/sns/latest/api/API_GetSMSAttributes.html; without names it tells all that is set. */
export function getSmsAttributes(context: SnsContext): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: () => [{ action: "sns:GetSMSAttributes", resource: "*" }],
    run({ attributes }: Input) {
      const names = attributes ?? SMS_ATTRIBUTE_NAMES;
      const unknown = names.find((name) => !SMS_ATTRIBUTE_NAMES.includes(name));
      if (unknown !== undefined) throw invalidParameter(`attributes Reason: ${unknown} is no SMS attribute`);
      const set = Object.entries(context.smsAccount.attributes).filter(([name]) => names.includes(name));
      return { attributes: Object.fromEntries(set) };
    },
  });
}
