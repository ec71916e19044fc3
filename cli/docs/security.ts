import { ACCEPTED_FINDINGS } from "./accepted-findings.ts";
import { code, markdownTable } from "./markdown.ts";
import { replaceBetween } from "./markers.ts";

/** `docs/security.md`: the table of accepted findings in it. */
export function securityPage(_: string, current: string): string {
  const rows = ACCEPTED_FINDINGS.map(({ check, resource, wanted, reason, price }) => [
    code(check),
    code(resource),
    wanted,
    reason,
    price,
  ]);
  const table = markdownTable(["check", "resource", "asks for", "why it is not done", "price"], rows);
  return replaceBetween(current, "findings", table);
}
