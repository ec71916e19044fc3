import { AthenaClient } from "@aws-sdk/client-athena";
import { UserError } from "../../lib/user-error.ts";
import type { QueryResult } from "../../local/athena/result.ts";
import { explained } from "../stack/aws-errors.ts";
import { readOutputs, readPlainConfig, type Stack } from "../stack/pulumi.ts";
import { type AthenaQuery, type AthenaRunOptions, runOnAthena } from "./athena.ts";

/** The Athena of a deployed stack. */
interface StackAthena extends Disposable {
  /** @throws {UserError} for what Athena refuses; errors of {@link runOnAthena}. */
  run(query: Pick<AthenaQuery, "sql" | "values">, options: AthenaRunOptions): Promise<QueryResult>;
}

/**
 * The workgroup and the database of a deployed stack, in its region and with its profile or the credentials of the shell.
 *
 * @throws {UserError} for a stack that is not there.
 */
export async function openStackAthena(stack: Stack): Promise<StackAthena> {
  const outputs = await readOutputs(stack);
  const workgroup = requireOutput(stack, outputs, "workgroup");
  const database = requireOutput(stack, outputs, "database");
  const { "aws:region": region, "aws:profile": profile } = await readPlainConfig(stack);
  const client = new AthenaClient({ ...(region && { region }), ...(profile && { profile }) });
  return {
    run: (query, options) =>
      explained("Athena", runOnAthena(client, { ...query, workgroup, database }, options)),
    [Symbol.dispose]: () => client.destroy(),
  };
}

function requireOutput({ name: stack }: Stack, outputs: Record<string, unknown>, name: string): string {
  const value = outputs[name];
  if (typeof value === "string") return value;
  throw new UserError(`stack "${stack}" has no output ${name} yet: run pulumi up --stack ${stack} first`);
}
