import { UserError } from "../../lib/user-error.ts";
import { type ExaminedStack, NotKnownError, NotThereError } from "./examined-stack.ts";
import type { Check, Finding } from "./finding.ts";
import { LAKE } from "./lake.ts";
import { PEOPLE } from "./people.ts";
import { PIPELINE } from "./pipeline.ts";

export const CHECKS: readonly Check[] = [...PIPELINE, ...LAKE, ...PEOPLE];

/** Names of AWS's errors for credentials that it rejects, so that nothing can be checked. */
const REJECTED_CREDENTIALS =
  /^(CredentialsProviderError|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|ExpiredToken(Exception)?|SignatureDoesNotMatch|InvalidSignatureException)$/;

/**
 * Runs all checks independently: one that the credentials may not run is `unknown` in its row.
 *
 * @throws {UserError} for credentials that AWS rejects
 */
export async function examine(
  stack: ExaminedStack,
  checks: readonly Check[] = CHECKS,
): Promise<readonly Finding[]> {
  const rows = await Promise.all(checks.map((check) => look(check, stack)));
  return rows.flat();
}

async function look({ name, look }: Check, stack: ExaminedStack): Promise<readonly Finding[]> {
  try {
    return await look(stack);
  } catch (error) {
    if (!(error instanceof Error) || isRejected(error) || error instanceof TypeError) throw error;
    if (error instanceof NotThereError) return [{ check: name, state: "n/a", found: error.message }];
    const isExpected = error instanceof NotKnownError || error instanceof UserError;
    // The row names the kind of error, and the other checks still run.
    return [
      {
        check: name,
        state: "unknown",
        found: isExpected ? error.message : `${error.name}: ${error.message}`,
      },
    ];
  }
}

function isRejected({ cause }: Error): boolean {
  return cause instanceof Error && REJECTED_CREDENTIALS.test(cause.name);
}

/** Whether a finding asks for action. */
export function needsAction(findings: readonly Finding[]): boolean {
  return findings.some(({ state }) => state === "warn" || state === "fail");
}

/** Exit code: 0 healthy, 1 action needed, 3 healthy as far as could be checked. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 3 {
  if (needsAction(findings)) return 1;
  return findings.some(({ state }) => state === "unknown") ? 3 : 0;
}
