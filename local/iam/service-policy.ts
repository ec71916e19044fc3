import { AwsError } from "../endpoint/error.ts";
import type { Permission } from "../endpoint/operation.ts";
import { type Graph, resourcesOfType } from "../graph.ts";
import type { ConditionContext } from "./condition.ts";
import { evaluateService } from "./evaluate.ts";
import { parsePolicy } from "./policy.ts";

/** Condition keys with the same value in every call of a service. */
const OF_SERVICES: ConditionContext = {
  "aws:securetransport": "true",
  "aws:principalisawsservice": "true",
  "aws:principalarn": undefined,
  "aws:principalaccount": undefined,
  "kms:calleraccount": undefined,
};

/** An AWS service that acts for a resource, for example `sns.amazonaws.com` for a topic. */
export interface ServiceCaller {
  readonly service: string;
  readonly sourceArn: string;
}

/**
 * Checks that the policy of a resource allows a service to act on it. Without a policy only the account has access, and
 * a service does not belong to the account.
 *
 * @param document the resource's policy, JSON text or object
 * @throws {AwsError} when the policy does not allow the service the action, with a code of the called service.
 */
export function checkServicePolicy(
  { service, sourceArn }: ServiceCaller,
  permission: Permission,
  document: unknown,
  context: ConditionContext,
  denied: { readonly code: string; readonly statusCode: number },
): void {
  const { action, resource } = permission;
  const statements = document === undefined ? [] : parsePolicy(document, resource);
  if (evaluateService(statements, permission, service, { ...OF_SERVICES, ...context }) === "allow") return;
  throw new AwsError(
    denied.code,
    `${service} is not authorized to perform: ${action} on resource: ${resource} because no resource-based policy allows the ${action} action for ${sourceArn}`,
    { statusCode: denied.statusCode },
  );
}

const MANAGED_ALIAS = /(^|:)alias\/aws\//;

/**
 * ARN of the customer key that `keyId` (key id, key ARN, alias name or alias ARN) identifies; undefined without a key and
 * for keys that AWS manages (`alias/aws/…`), for which callers of the service need no permission.
 * Throws when `keyId` is neither an ARN nor a key of the program.
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

/** The policy document of a key of the program; undefined when AWS's default policy applies. */
export function keyPolicyOf(graph: Graph, keyArn: string): unknown {
  return resourcesOfType(graph, "aws:kms/key:Key").find(({ outputs }) => outputs.arn === keyArn)?.inputs
    .policy;
}
