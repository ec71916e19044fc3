import { NotEmulatedError } from "../endpoint/error.ts";

/** IAM's wildcards: `*` is any run of characters (also across `:` and `/`), `?` is one. Matches the whole text. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern.includes("${")) throw new NotEmulatedError(`policy variable in "${pattern}"`);
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

/** Actions match without regard to case. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesPattern(pattern.toLowerCase(), action.toLowerCase());
}

/** ArnLike and ArnEquals: the first five of an ARN's six parts match one by one, so a `*` does not reach over a colon. */
export function matchesArn(pattern: string, arn: string): boolean {
  const patternParts = arnParts(pattern);
  const parts = arnParts(arn);
  if (patternParts.length !== parts.length) return false;
  return patternParts.every((part, index) => matchesPattern(part, parts[index] ?? ""));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
