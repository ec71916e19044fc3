import type { Principal } from "../endpoint/operation.ts";

/** The part of IAM that Lambda and EventBridge need: to act as a role that trusts them. */
export interface Identities {
  /**
   * Credentials of the role for an AWS service such as `lambda.amazonaws.com`; `sourceArn` is the resource on whose
   * behalf the service acts.
   *
   * @throws AwsError AccessDenied when the role's trust policy does not name the service.
   */
  assumeRole(
    roleArn: string,
    servicePrincipal: string,
    session: string,
    sourceArn?: string,
  ): Principal | Promise<Principal>;
}
