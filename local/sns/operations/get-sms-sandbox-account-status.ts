import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import type { SnsContext } from "../context.ts";

/** https://docs.aws.amazon.com/sns/latest/api/API_GetSMSSandboxAccountStatus.html */
export function getSmsSandboxAccountStatus(context: SnsContext): Operation {
  return defineOperation({
    input: z.strictObject({}),
    permissions: () => [{ action: "sns:GetSMSSandboxAccountStatus", resource: "*" }],
    run: () => ({ IsInSandbox: context.smsAccount.isInSandbox }),
  });
}
