import { AwsError } from "../endpoint/error.ts";
import type { Permission } from "../endpoint/operation.ts";
import type { ConditionContext } from "./condition.ts";
import { evaluateService } from "./evaluate.ts";
import { parsePolicy } from "./policy.ts";

/** Condition keys that every call of a service carries, or none does. */
const OF_SERVICES: ConditionContext = {
  "aws:securetransport": "true",
  "aws:principalisawsservice": "true",
  "aws:principalarn": undefined,
  "aws:principalaccount": undefined,
  "kms:calleraccount": undefined,
};

/** A service of AWS that acts for a resource, for example `sns.amazonaws.com` for a topic. */
export interface ServiceCaller {
  readonly service: string;
  readonly sourceArn: string;
}

/**
 * Without a policy of its own a resource lets in only its account, and a service is not of the account.
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
