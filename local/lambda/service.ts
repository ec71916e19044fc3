import { z } from "zod";
import { NotEmulatedError } from "../endpoint/error.ts";
import { defineOperation, type Service } from "../endpoint/operation.ts";
import type { InvocationResult } from "./function-pool.ts";

const invokeInput = z.object({
  FunctionName: z.string().min(1),
  Payload: z.string().optional(),
  InvocationType: z.enum(["RequestResponse", "Event", "DryRun"]).optional(),
});

/** The Lambda service as in-process callers see it: Invoke, permitted by lambda:InvokeFunction on the function. */
export function lambdaService(options: {
  arnOf: (functionName: string) => string;
  run: (functionName: string, payload: string) => Promise<InvocationResult>;
  /** Takes an event in; `source` is the caller's ARN. */
  runAsync: (functionName: string, payload: string, source: string) => Promise<void>;
}): Service {
  return {
    signingName: "lambda",
    protocol: "json",
    operations: {
      Invoke: defineOperation({
        input: invokeInput,
        permissions: ({ FunctionName }) => [
          { action: "lambda:InvokeFunction", resource: options.arnOf(FunctionName) },
        ],
        run: async ({ FunctionName, Payload = "null", InvocationType }, { principal }) => {
          if (InvocationType === "DryRun")
            throw new NotEmulatedError("lambda Invoke with InvocationType DryRun");
          if (InvocationType !== "Event") return await options.run(FunctionName, Payload);
          await options.runAsync(FunctionName, Payload, principal.arn);
          return {};
        },
      }),
    },
  };
}
