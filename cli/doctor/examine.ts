import { UserError } from "../../lib/user-error.ts";
import type { Check, Finding } from "./finding.ts";
import { LAKE } from "./lake.ts";
import { NotKnownError, NotThereError, type Patient } from "./patient.ts";
import { PEOPLE } from "./people.ts";
import { PIPELINE } from "./pipeline.ts";

export const CHECKS: readonly Check[] = [...PIPELINE, ...LAKE, ...PEOPLE];

/** AWS's words for who is not let in at all, so that nothing can be known. */
const STRANGER =
  /^(CredentialsProviderError|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|ExpiredToken(Exception)?|SignatureDoesNotMatch|InvalidSignatureException)$/;

/**
 * All checks, each for itself: what one may not ask is `unknown` in its row and keeps no other back.
 *
 * @throws {UserError} for credentials that AWS does not take
 */
export async function examine(
  patient: Patient,
  checks: readonly Check[] = CHECKS,
): Promise<readonly Finding[]> {
  const rows = await Promise.all(checks.map((check) => look(check, patient)));
  return rows.flat();
}

async function look({ name, look }: Check, patient: Patient): Promise<readonly Finding[]> {
  try {
    return await look(patient);
  } catch (error) {
    if (!(error instanceof Error) || isStranger(error) || error instanceof TypeError) throw error;
    if (error instanceof NotThereError) return [{ check: name, state: "n/a", found: error.message }];
    const isExpected = error instanceof NotKnownError || error instanceof UserError;
    // What cannot be read is told with its kind, for the other checks still say something.
    return [
      {
        check: name,
        state: "unknown",
        found: isExpected ? error.message : `${error.name}: ${error.message}`,
      },
    ];
  }
}

function isStranger({ cause }: Error): boolean {
  return cause instanceof Error && STRANGER.test(cause.name);
}

/** Whether somebody has something to do. */
export function isSick(findings: readonly Finding[]): boolean {
  return findings.some(({ state }) => state === "warn" || state === "fail");
}

/** Exit code: 1 somebody has something to do, 3 nobody has as far as can be known, 0 all is well. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 3 {
  if (isSick(findings)) return 1;
  return findings.some(({ state }) => state === "unknown") ? 3 : 0;
}
