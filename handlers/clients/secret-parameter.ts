import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { ApiKey } from "../weather/sources/tomorrow-io.ts";
import type { Log, Sends } from "./dependencies.ts";

/** Thrown when the parameter has no value. */
class SecretParameterError extends Error {
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

/**
 * An API key in an SSM SecureString. Reading starts at once, so that the function's init pays for it; should that
 * fail, the first use reads again and throws what {@link readSecretParameter} throws.
 */
export function createApiKey(ssm: Sends<SSMClient>, parameterName: string, log: Log): ApiKey {
  const read = () => readSecretParameter(ssm, parameterName, "the API key");

  let reading: Promise<string> | undefined;
  const start = (): Promise<string> => {
    const started = read();
    reading = started;
    started.catch((error: unknown) => {
      log.warn("the API key could not be read", { parameterName, reason: String(error) });
      if (reading === started) reading = undefined;
    });
    return started;
  };
  start();

  return {
    get: () => reading ?? start(),
    async refresh(refused) {
      const asked = reading ?? start();
      const current = await asked;
      if (current !== refused) return current;
      // Locations are polled in parallel, so several may be refused. The first of them reads the key for all.
      return reading === undefined || reading === asked ? start() : reading;
    },
  };
}
