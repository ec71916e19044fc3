import type { Statement } from "../../local/iam/policy.ts";

/** A statement's conditions in one line, all of which must hold: `s3:prefix like raw/*`. */
export function describeConditions(condition: Statement["Condition"] = {}): string {
  return Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, values]) => `${key} ${WORDS[operator] ?? operator} ${values.join(" or ")}`,
      ),
    )
    .join(", ");
}

const WORDS: Readonly<Record<string, string>> = {
  StringEquals: "is",
  StringEqualsIfExists: "(if sent) is",
  StringLike: "like",
  ArnEquals: "is",
  ArnLike: "like",
  Bool: "is",
};
