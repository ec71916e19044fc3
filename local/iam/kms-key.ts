import { type Graph, resourcesOfType } from "../graph.ts";

const MANAGED_ALIAS = /(^|:)alias\/aws\//;

/**
 * ARN of the customer key that `keyId` (key id, key ARN, alias name or alias ARN) means. `undefined` for no key and
 * for keys that AWS manages (`alias/aws/…`): callers of the service need no permission of their own for those.
 * Throws when the program defines no such key and it is no ARN.
 */
export function customerKeyArn(graph: Graph, keyId: unknown): string | undefined {
  if (keyId === undefined || keyId === null || keyId === "") return undefined;
  const text = String(keyId);
  if (MANAGED_ALIAS.test(text)) return undefined;
  const alias = resourcesOfType(graph, "aws:kms/alias:Alias").find(({ id, outputs }) =>
    [id, outputs.name, outputs.arn].includes(text),
  );
  if (alias !== undefined)
    return customerKeyArn(graph, alias.outputs.targetKeyArn ?? alias.inputs.targetKeyId);
  const key = resourcesOfType(graph, "aws:kms/key:Key").find(({ id, outputs }) =>
    [id, outputs.keyId, outputs.arn].includes(text),
  );
  if (key !== undefined) return String(key.outputs.arn);
  if (text.startsWith("arn:aws:kms:")) return text;
  throw new Error(`KMS key "${text}" is neither an ARN nor a key of the program`);
}

/** Policy document that the program wrote for one of its keys; undefined where AWS's default applies. */
export function keyPolicyOf(graph: Graph, keyArn: string): unknown {
  return resourcesOfType(graph, "aws:kms/key:Key").find(({ outputs }) => outputs.arn === keyArn)?.inputs
    .policy;
}
