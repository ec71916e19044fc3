import type { Statement } from "../../local/iam/policy.ts";

/** The conditions of a statement in one line, e.g. `s3:prefix like raw/*`. All of them must hold. */
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

const ALL_BUT = "all but ";

/** The actions of a statement: `s3:GetObject`, or `all but s3:GetObject` for a NotAction. */
export function actionsOf({
  Action,
  NotAction = [],
}: Pick<Statement, "Action" | "NotAction">): readonly string[] {
  return Action ?? NotAction.map((action) => `${ALL_BUT}${action}`);
}

/** Whether an action of {@link actionsOf} stands for more than one. */
export function isPattern(action: string): boolean {
  return action.startsWith(ALL_BUT) || /[*?]/.test(action);
}
