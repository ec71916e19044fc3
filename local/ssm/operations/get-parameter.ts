import { z } from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { describeParameter, findParameter, parameterPermissions, type SsmContext } from "../parameters.ts";

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
export function getParameter(context: SsmContext): Operation {
  return defineOperation({
    input: z.object({
      Name: z.string().min(1, { error: "Member must have length greater than or equal to 1" }),
      WithDecryption: z.boolean().default(false),
    }),
    permissions: ({ Name, WithDecryption }) =>
      parameterPermissions(context, "GetParameter", Name, WithDecryption),
    run({ Name, WithDecryption }) {
      const parameter = findParameter(context, Name);
      if (parameter === undefined) throw new AwsError("ParameterNotFound", `Parameter ${Name} not found.`);
      return { Parameter: describeParameter(parameter, WithDecryption) };
    },
  });
}
