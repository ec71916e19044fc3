import { styleText } from "node:util";
import { alignColumns, indented } from "../columns.ts";
import type { ActionPattern } from "./action-patterns.ts";
import type { IamReport, WideGrant } from "./report.ts";
import type { ResourceRow } from "./resource-policies.ts";
import type { RoleTable } from "./roles.ts";

/** For people. */
export function formatReport({ stack, roles, resources, wide, patterns }: IamReport): string {
  const sections = [
    [styleText("bold", `Who may do what in stack "${stack}"`)],
    ...roles.map(roleLines),
    [
      styleText("bold", "Policies of resources"),
      ...table(["resource", "", "who", "action", "when"], resources.flatMap(resourceLines)),
    ],
    [styleText("bold", "On everything, and why"), ...wideLines(wide)],
    [styleText("bold", "Actions with a *"), ...patternLines(patterns)],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The same for programs; fields are added, never renamed. */
export function toJson({ wide, ...report }: IamReport): string {
  const reasons = wide.map(({ review, ...grant }) => ({
    ...grant,
    reason: review?.reason ?? null,
    source: review?.source ?? null,
  }));
  return `${JSON.stringify({ ...report, wide: reasons }, null, 2)}\n`;
}

function roleLines({ role, assumedBy, assumedWhen, usedBy, rows }: RoleTable): string[] {
  const users = usedBy.join(", ") || "nothing";
  const when = assumedWhen && `, when ${assumedWhen}`;
  return [
    `${styleText("bold", role)}: ${users}, as ${assumedBy.join(", ")}${when}`,
    ...table(
      ["resource", "action", "when"],
      rows.flatMap(({ resources, actions, condition }) =>
        Array.from({ length: Math.max(resources.length, actions.length) }, (_, line) => [
          resources[line] ?? "",
          actions[line] ?? "",
          line === 0 ? condition : "",
        ]),
      ),
    ),
  ];
}

/** A line an action: a key's administration has a dozen. */
function resourceLines({ resource, effect, principals, actions, condition }: ResourceRow): string[][] {
  return actions.map((action, line) =>
    line === 0
      ? [resource, effect.toLowerCase(), principals.join(", "), action, condition]
      : ["", "", "", action, ""],
  );
}

function wideLines(wide: readonly WideGrant[]): string[] {
  if (wide.length === 0) return ["  nothing"];
  return table(
    ["role", "action", "reason"],
    wide.map(({ role, action, review }) => [role, action, review?.reason ?? "nobody has said why"]),
  );
}

function patternLines(patterns: readonly ActionPattern[]): string[] {
  if (patterns.length === 0) return ["  nothing"];
  return table(
    ["policy", "", "action"],
    patterns.map(({ owner, effect, action }) => [owner, effect.toLowerCase(), action]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return indented(alignColumns([head, ...rows], [], 2).lines);
}
