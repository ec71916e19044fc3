import { UsageError } from "../../local/command-line.ts";
import type { Check, Finding } from "./finding.ts";
import { LAKE } from "./lake.ts";
import { NotKnownError, type Patient } from "./patient.ts";
import { PEOPLE } from "./people.ts";
import { PIPELINE } from "./pipeline.ts";

export const CHECKS: readonly Check[] = [...PIPELINE, ...LAKE, ...PEOPLE];

/** AWS's words for who is not let in at all, so that nothing can be known. */
const STRANGER =
  /^(CredentialsProviderError|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|ExpiredToken(Exception)?|SignatureDoesNotMatch|InvalidSignatureException)$/;

/**
 * All checks, each for itself: what one may not ask is `unknown` in its row and keeps no other back.
 *
 * @throws {UsageError} for credentials that AWS does not take
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
    const isExpected = error instanceof NotKnownError || error instanceof UsageError;
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
