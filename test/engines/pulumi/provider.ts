import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import type { provider } from "@pulumi/pulumi";
import {
  computedAnswer,
  computedOutputs,
  LOCAL_ACCOUNT_ID,
} from "../../../local/program/computed-outputs.ts";
import { replacingInputs } from "../../infra/loader/replacing.ts";
import { inputProblems } from "./sdk-inputs.ts";
import type { Subscriptions } from "./subscriptions.ts";

const { version } = createRequire(import.meta.url)("@pulumi/aws/package.json") as { version: string };

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

/**
 * Stands in for Pulumi's AWS provider, without AWS: takes the inputs that the SDK declares and no others, gives back what
 * it got with the id, ARN and name that AWS would compute, and makes anew what cannot change in place.
 * @param subscriptions of SNS, which refuses some of them; without, none is refused
 */
export function createProvider(region: string, subscriptions?: Subscriptions): provider.Provider {
  const place = { region, accountId: LOCAL_ACCOUNT_ID };

  return {
    version,
    async check(urn, _olds, news) {
      const failures = inputProblems(nameOf(urn).type, news);
      return failures.length > 0 ? { failures } : { inputs: news };
    },
    /** Whether anything changed, the engine sees for itself: `changes` is not said. */
    async diff(_id, urn, olds, news) {
      const computed = computedOf(urn, news);
      const names = new Set([
        ...Object.keys(news),
        ...Object.keys(olds).filter((name) => !(name in computed)),
      ]);
      const changed = [...names].filter((name) => !isDeepStrictEqual(olds[name], news[name]));
      return { replaces: replacingInputs(nameOf(urn).type, changed) };
    },
    async create(urn, inputs) {
      if (nameOf(urn).type === SUBSCRIPTION) subscriptions?.subscribe(inputs);
      const { id, ...computed } = computedOf(urn, inputs);
      return { id, outs: { ...inputs, id, ...computed } };
    },
    async update(_id, urn, olds, news) {
      if (nameOf(urn).type === SUBSCRIPTION) subscriptions?.change(news);
      // What has another URN by now, through an alias, keeps the id, ARN and name that it has.
      const computed = Object.keys(computedOf(urn, news)).filter((name) => !(name in news));
      return { outs: { ...news, ...Object.fromEntries(computed.map((name) => [name, olds[name]])) } };
    },
    async delete(_id, urn, props) {
      if (nameOf(urn).type === SUBSCRIPTION) subscriptions?.unsubscribe(props);
    },
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

  function computedOf(urn: string, inputs: Readonly<Record<string, unknown>>) {
    const { type, name } = nameOf(urn);
    return computedOutputs(urn, type, name, inputs, place);
  }
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function nameOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
