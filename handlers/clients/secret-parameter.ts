import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { Sends } from "./dependencies.ts";

/** Thrown when the parameter has no value. */
export class SecretParameterError extends Error {
  override readonly name = "SecretParameterError";
}

/**
 * The value of an SSM SecureString. Throws {@link SecretParameterError}, and what SSM throws.
 *
 * @param allowed what the parameter must hold, for the error
 */
export async function readSecretParameter(
  ssm: Sends<SSMClient>,
  parameterName: string,
  allowed: string,
): Promise<string> {
  const { Parameter } = await ssm.send(
    new GetParameterCommand({ Name: parameterName, WithDecryption: true }),
  );
  const value = Parameter?.Value?.trim() ?? "";
  if (value !== "") return value;
  throw new SecretParameterError(`SSM parameter ${parameterName} is empty; allowed is ${allowed}`);
}
