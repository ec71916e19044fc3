import { createHash, randomBytes } from "node:crypto";
import { AwsError } from "../endpoint/error.ts";
import type { Principal } from "../endpoint/operation.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { conditionsHold, matchesAction } from "./condition.ts";
import { parsePolicy } from "./policy.ts";

/** The part of IAM that services use to act with a role. */
export interface RoleAssumer {
  /**
   * Credentials of a role for an AWS service such as `lambda.amazonaws.com`, which acts for the resource `sourceArn`.
   *
   * @throws AwsError AccessDenied when the role's trust policy does not allow the service, NoSuchEntity for an unknown role.
   */
  assumeRole(
    roleArn: string,
    servicePrincipal: string,
    session: string,
    sourceArn?: string,
  ): Principal | Promise<Principal>;
}

export interface Identities extends RoleAssumer {
  /** The user who started the run, and who may do everything. */
  readonly operator: Principal;
  /** A session of a role, whatever its trust policy says. The same role and session give the same principal. */
  forRole(roleArn: string, session: string): Principal;
  byAccessKeyId(accessKeyId: string): Principal | undefined;
  assumeRole(roleArn: string, servicePrincipal: string, session: string, sourceArn?: string): Principal;
}

/** Credentials for the roles of a graph. Secrets are random and live as long as the returned handle. */
export function identitiesFromGraph(graph: Graph): Identities {
  const principals = new Map<string, Principal>();
  const byArn = new Map<string, Principal>();
  const roles = new Map(
    resourcesOfType(graph, "aws:iam/role:Role").map((role) => [String(role.outputs.arn), role]),
  );

  function issue(arn: string, keyPrefix: string, roleArn?: string): Principal {
    const known = byArn.get(arn);
    if (known !== undefined) return known;
    const principal: Principal = {
      arn,
      accessKeyId: accessKeyIdOf(arn, keyPrefix),
      secretAccessKey: randomBytes(30).toString("base64url"),
      ...(roleArn !== undefined && { roleArn }),
    };
    principals.set(principal.accessKeyId, principal);
    byArn.set(arn, principal);
    return principal;
  }

  function roleOf(roleArn: string): Resource {
    const role = roles.get(roleArn);
    if (role !== undefined) return role;
    throw new AwsError("NoSuchEntity", `The role with ARN ${roleArn} cannot be found.`, { statusCode: 404 });
  }

  function forRole(roleArn: string, session: string): Principal {
    const role = roleOf(roleArn);
    const name = String(role.outputs.name ?? role.name);
    return issue(`arn:aws:sts::${graph.accountId}:assumed-role/${name}/${session}`, "ASIA", roleArn);
  }

  return {
    operator: issue(`arn:aws:iam::${graph.accountId}:user/operator`, "AKIA"),
    forRole,
    byAccessKeyId: (accessKeyId) => principals.get(accessKeyId),
    assumeRole(roleArn, servicePrincipal, session, sourceArn) {
      if (!trusts(roleOf(roleArn), servicePrincipal, graph.accountId, sourceArn)) {
        throw new AwsError(
          "AccessDenied",
          `${servicePrincipal} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
          { statusCode: 403 },
        );
      }
      return forRole(roleArn, session);
    },
  };
}

function trusts(role: Resource, service: string, accountId: string, sourceArn: string | undefined): boolean {
  const context = { "aws:sourceaccount": accountId, "aws:sourcearn": sourceArn };
  const matching = parsePolicy(role.inputs.assumeRolePolicy, `trust in role ${role.name}`).filter(
    (statement) =>
      statement.Principal?.Service?.includes(service) === true &&
      statement.Action?.some((pattern) => matchesAction(pattern, "sts:AssumeRole")) === true &&
      conditionsHold(statement, context),
  );
  return matching.length > 0 && matching.every(({ Effect }) => Effect === "Allow");
}

/** 20 characters, as in AWS, derived from the ARN so that the logs of different runs can be compared. */
function accessKeyIdOf(arn: string, prefix: string): string {
  const digest = createHash("sha256").update(arn).digest("hex").toUpperCase();
  return `${prefix}${digest.slice(0, 16)}`;
}
