import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { describeParameter, findParameter, parameterPermissions, type SsmContext } from "../parameters.ts";

/** Names in one call: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const MAX_NAMES = 10;

/** Names that do not exist are answered in InvalidParameters, not as an error. */
export function getParameters(context: SsmContext): Operation {
  return defineOperation({
    input: z.object({
      Names: z
        .array(z.string().min(1))
        .min(1, { error: "Member must have length greater than or equal to 1" })
        .max(MAX_NAMES, { error: `Member must have length less than or equal to ${MAX_NAMES}` }),
      WithDecryption: z.boolean().default(false),
    }),
    permissions: ({ Names, WithDecryption }) =>
      Names.flatMap((name) => parameterPermissions(context, "GetParameters", name, WithDecryption)),
    run({ Names, WithDecryption }) {
      const found = Names.map((name) => ({ name, parameter: findParameter(context, name) }));
      return {
        Parameters: found.flatMap(({ parameter }) =>
          parameter === undefined ? [] : [describeParameter(parameter, WithDecryption)],
        ),
        InvalidParameters: found.filter(({ parameter }) => parameter === undefined).map(({ name }) => name),
      };
    },
  });
}
