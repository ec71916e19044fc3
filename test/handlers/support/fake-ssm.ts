import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { Sends } from "../../../handlers/clients/dependencies.ts";

export interface FakeSsm extends Sends<SSMClient> {
  readonly reads: GetParameterCommand["input"][];
  /** May throw. */
  value: () => string;
}

/** A parameter store with one value for every name. */
export function createFakeSsm(value: () => string): FakeSsm {
  const reads: GetParameterCommand["input"][] = [];
  const send = async (command: unknown) => {
    if (!(command instanceof GetParameterCommand)) throw new Error("the fake knows GetParameter");
    reads.push(command.input);
    return { Parameter: { Value: fake.value() } };
  };
  const fake: FakeSsm = { reads, value, send: send as SSMClient["send"] };
  return fake;
}
