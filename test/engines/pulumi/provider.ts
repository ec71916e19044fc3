import { createRequire } from "node:module";
import type { provider } from "@pulumi/pulumi";
import {
  computedAnswer,
  computedOutputs,
  LOCAL_ACCOUNT_ID,
} from "../../../local/program/computed-outputs.ts";
import { inputProblems } from "./sdk-inputs.ts";

const { version } = createRequire(import.meta.url)("@pulumi/aws/package.json") as { version: string };

/**
 * Stands in for Pulumi's AWS provider, without AWS: takes the inputs that the SDK declares and no others, and gives
 * back what it got with the id, ARN and name that AWS would compute. Which inputs cannot change in place it does not
 * know: every change is an update.
 */
export function createProvider(region: string): provider.Provider {
  const place = { region, accountId: LOCAL_ACCOUNT_ID };

  return {
    version,
    async check(urn, _olds, news) {
      const failures = inputProblems(nameOf(urn).type, news);
      return failures.length > 0 ? { failures } : { inputs: news };
    },
    async create(urn, inputs) {
      const outs = outputsOf(urn, inputs);
      return { id: outs.id, outs };
    },
    async update(_id, urn, _olds, news) {
      return { outs: outputsOf(urn, news) };
    },
    async delete() {},
    async read(id, _urn, props) {
      return { id, props };
    },
    async invoke(token) {
      const outputs = computedAnswer(token, place);
      if (outputs !== undefined) return { outputs };
      const reason = `The stand-in for the AWS provider cannot answer ${token}`;
      return { outputs: {}, failures: [{ property: "", reason }] };
    },
  };

  function outputsOf(urn: string, inputs: Readonly<Record<string, unknown>>) {
    const { type, name } = nameOf(urn);
    return { ...inputs, ...computedOutputs(urn, type, name, inputs, place) };
  }
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function nameOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
