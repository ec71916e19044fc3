import { createHash } from "node:crypto";
import { z } from "zod";
import { AwsError, NotEmulatedError } from "../endpoint/error.ts";
import { defineOperation, type Operation, type Permission, type Service } from "../endpoint/operation.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { customerKeyArn } from "../iam/service-policy.ts";

/** Systems Manager's Parameter Store, read only, with the parameters of a graph. `now` is the time of their last change. */
export function createSsm({ graph, now }: { graph: Graph; now: () => Date }): { readonly service: Service } {
  const context: SsmContext = {
    region: graph.region,
    accountId: graph.accountId,
    parameters: parametersOf(graph, now()),
  };
  const operations = { GetParameter: getParameter(context), GetParameters: getParameters(context) };
  return { service: { signingName: "ssm", protocol: "json", operations } };
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
function getParameter(context: SsmContext): Operation {
  return defineOperation({
    input: z.object({
      Name: z.string().min(1, { error: "Member must have length greater than or equal to 1" }),
      WithDecryption: z.boolean().default(false),
    }),
    permissions: ({ Name, WithDecryption }) =>
      parameterPermissions(context, "GetParameter", Name, WithDecryption),
    run({ Name, WithDecryption }) {
      const parameter = findParameter(context, Name);
      if (parameter === undefined) throw new AwsError("ParameterNotFound", `Parameter ${Name} not found.`);
      return { Parameter: describeParameter(parameter, WithDecryption) };
    },
  });
}

/** Maximum number of names in one call: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const MAX_NAMES = 10;

/** Unknown names are returned in InvalidParameters instead of an error. */
function getParameters(context: SsmContext): Operation {
  return defineOperation({
    input: z.object({
      Names: z
        .array(z.string().min(1))
        .min(1, { error: "Member must have length greater than or equal to 1" })
        .max(MAX_NAMES, { error: `Member must have length less than or equal to ${MAX_NAMES}` }),
      WithDecryption: z.boolean().default(false),
    }),
    permissions: ({ Names, WithDecryption }) =>
      Names.flatMap((name) => parameterPermissions(context, "GetParameters", name, WithDecryption)),
    run({ Names, WithDecryption }) {
      const found = Names.map((name) => ({ name, parameter: findParameter(context, name) }));
      return {
        Parameters: found.flatMap(({ parameter }) =>
          parameter === undefined ? [] : [describeParameter(parameter, WithDecryption)],
        ),
        InvalidParameters: found.filter(({ parameter }) => parameter === undefined).map(({ name }) => name),
      };
    },
  });
}

interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly type: "String" | "StringList" | "SecureString";
  readonly value: string;
  readonly dataType: string;
  /** The customer key of a SecureString; absent when AWS manages the key. */
  readonly customerKeyArn?: string;
  readonly modifiedAt: Date;
}

/** The state that the operations share. */
interface SsmContext {
  readonly region: string;
  readonly accountId: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
}

const inputsSchema = z.object({
  type: z.enum(["String", "StringList", "SecureString"]),
  value: z.string().optional(),
  insecureValue: z.string().optional(),
  dataType: z.string().default("text"),
  keyId: z.string().optional(),
});

/** The parameters a program declares (`aws:ssm/parameter:Parameter`) by name. Throws an Error naming parameter and field. */
function parametersOf(graph: Graph, modifiedAt: Date): ReadonlyMap<string, Parameter> {
  return new Map(
    resourcesOfType(graph, "aws:ssm/parameter:Parameter").map((resource) => {
      const parameter = parameterOf(graph, resource, modifiedAt);
      return [parameter.name, parameter];
    }),
  );
}

function parameterOf(graph: Graph, resource: Resource, modifiedAt: Date): Parameter {
  const parsed = inputsSchema.safeParse(resource.inputs);
  if (!parsed.success) {
    throw new Error(`parameter ${resource.name}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  }
  const { type, dataType, keyId } = parsed.data;
  const value = parsed.data.value ?? parsed.data.insecureValue;
  if (value === undefined) throw new Error(`parameter ${resource.name}: value is missing`);
  const name = String(resource.outputs.name);
  const keyArn = type === "SecureString" ? customerKeyArn(graph, keyId) : undefined;
  return {
    name,
    arn: parameterArn(graph, name),
    type,
    value,
    dataType,
    ...(keyArn !== undefined && { customerKeyArn: keyArn }),
    modifiedAt,
  };
}

/** A name's leading slash is the ARN's own: `/a/b` and `a` are `parameter/a/b` and `parameter/a`. */
function parameterArn({ region, accountId }: { region: string; accountId: string }, name: string): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, "")}`;
}

/** A parameter by name or ARN; throws NotEmulatedError for a selector (`name:3`, `name:label`). */
function findParameter(context: SsmContext, reference: string): Parameter | undefined {
  const isArn = reference.startsWith("arn:");
  if (!isArn && reference.includes(":")) throw new NotEmulatedError(`ssm parameter selector "${reference}"`);
  if (!isArn) return context.parameters.get(reference);
  return [...context.parameters.values()].find(({ arn }) => arn === reference);
}

/** The SSM action on the parameter, and kms:Decrypt on its customer key if the value is decrypted. */
function parameterPermissions(
  context: SsmContext,
  action: string,
  reference: string,
  withDecryption: boolean,
): readonly Permission[] {
  const resource = reference.startsWith("arn:") ? reference : parameterArn(context, reference);
  const keyArn = withDecryption ? findParameter(context, reference)?.customerKeyArn : undefined;
  const onParameter = { action: `ssm:${action}`, resource };
  return keyArn === undefined ? [onParameter] : [onParameter, { action: "kms:Decrypt", resource: keyArn }];
}

/** The SDK's `Parameter`. Without decryption, the value of a SecureString is opaque text. */
function describeParameter(parameter: Parameter, withDecryption: boolean) {
  const sealed = parameter.type === "SecureString" && !withDecryption;
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: sealed ? seal(parameter) : parameter.value,
    Version: 1,
    LastModifiedDate: parameter.modifiedAt,
    ARN: parameter.arn,
    DataType: parameter.dataType,
  };
}

/** Opaque text derived only from the name, because a digest of a short secret would reveal the secret. */
function seal({ name }: Parameter): string {
  return createHash("sha256").update(`sealed ${name}`).digest("base64");
}
