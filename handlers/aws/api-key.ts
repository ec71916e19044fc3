import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { ApiKey } from "../weather/sources/tomorrow-io.ts";
import type { Log, Sends } from "./dependencies.ts";

/** Thrown when the parameter has no value. */
export class ApiKeyError extends Error {
  override readonly name = "ApiKeyError";
}

/**
 * An API key in an SSM SecureString. Reading starts at once, so that the function's init pays for it; should that
 * fail, the first use reads again and throws what SSM throws.
 */
export function createApiKey(ssm: Sends<SSMClient>, parameterName: string, log: Log): ApiKey {
  const read = async (): Promise<string> => {
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: parameterName, WithDecryption: true }),
    );
    const value = Parameter?.Value?.trim() ?? "";
    if (value === "")
      throw new ApiKeyError(`SSM parameter ${parameterName} is empty; allowed is the API key`);
    return value;
  };

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
      // Places are polled at once, so several may be refused at once: the first of them reads for all.
      return reading === undefined || reading === asked ? start() : reading;
    },
  };
}
