import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { revealed } from "./sdk-inputs.ts";

type Inputs = Readonly<Record<string, unknown>>;

/** The subscriptions of every topic, as SNS keeps them: one of a topic, protocol and endpoint. */
export interface Subscriptions {
  /** @throws where there is one with other attributes, as SNS does; with the same ones it is the same subscription. */
  subscribe(inputs: Inputs): void;
  change(inputs: Inputs): void;
  unsubscribe(inputs: Inputs): void;
}

/** Kept in a file, for every command of Pulumi's CLI starts a provider of its own. */
export function subscriptionsIn(file: string): Subscriptions {
  return {
    subscribe(inputs) {
      const kept = read();
      const { key, attributes } = parts(inputs);
      // As SNS words it: https://github.com/hashicorp/terraform-provider-aws/issues/10930
      if (kept.has(key) && !isDeepStrictEqual(kept.get(key), attributes)) {
        throw new Error(
          "InvalidParameter: Invalid parameter: Attributes Reason: Subscription already exists with different attributes",
        );
      }
      write(kept.set(key, attributes));
    },
    change(inputs) {
      const { key, attributes } = parts(inputs);
      write(read().set(key, attributes));
    },
    unsubscribe(inputs) {
      const kept = read();
      kept.delete(parts(inputs).key);
      write(kept);
    },
  };

  function read(): Map<string, unknown> {
    return new Map(existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : []);
  }

  function write(kept: Map<string, unknown>): void {
    writeFileSync(file, JSON.stringify([...kept]));
  }
}

function parts({ topic, protocol, endpoint, filterPolicy }: Inputs) {
  return {
    key: JSON.stringify([topic, protocol, endpoint].map(revealed)),
    attributes: { filterPolicy: revealed(filterPolicy) },
  };
}
