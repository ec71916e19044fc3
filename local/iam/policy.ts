import * as z from "zod";

/** A string or a list of them, as policy documents allow nearly everywhere. */
const strings = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const conditionValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditionValues = z
  .union([conditionValue, z.array(conditionValue)])
  .transform((value): string[] => [value].flat());

const principal = z.union([
  z.literal("*").transform((): Record<string, string[]> => ({ AWS: ["*"] })),
  z.record(z.string(), strings),
]);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html; unknown elements are rejected. */
const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Principal: principal.optional(),
    NotPrincipal: principal.optional(),
    Action: strings.optional(),
    NotAction: strings.optional(),
    Resource: strings.optional(),
    NotResource: strings.optional(),
    Condition: z.record(z.string(), z.record(z.string(), conditionValues)).optional(),
  })
  .refine((statement) => (statement.Action === undefined) !== (statement.NotAction === undefined), {
    error: "exactly one of Action and NotAction is required",
  });

const documentSchema = z.object({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z
    .union([statementSchema, z.array(statementSchema)])
    .transform((value): Statement[] => [value].flat()),
});

export type Statement = z.infer<typeof statementSchema>;

/** Thrown for a policy document that AWS would reject (MalformedPolicyDocument). */
export class PolicyDocumentError extends Error {
  constructor(owner: string, detail: string, options?: ErrorOptions) {
    super(`policy of ${owner} is malformed: ${detail}`, options);
    this.name = "PolicyDocumentError";
  }
}

/** Statements of a document given as JSON text or as an object; `owner` is named when it is malformed. */
export function parsePolicy(document: unknown, owner: string): readonly Statement[] {
  const result = documentSchema.safeParse(
    typeof document === "string" ? parseJson(document, owner) : document,
  );
  if (!result.success)
    throw new PolicyDocumentError(owner, z.prettifyError(result.error), { cause: result.error });
  return result.data.Statement;
}

function parseJson(text: string, owner: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PolicyDocumentError(owner, "not JSON", { cause });
  }
}
