import { styleText } from "node:util";
import { alignColumns, indented } from "../columns.ts";
import type { IamReport } from "./report.ts";
import type { ResourceRow } from "./resource-policies.ts";
import type { RoleTable } from "./roles.ts";

/** Tables for the terminal. */
export function formatReport({ stack, roles, resources, wide, patterns }: IamReport): string {
  const sections = [
    [styleText("bold", `Who may do what in stack "${stack}"`)],
    ...roles.map(roleLines),
    [
      styleText("bold", "Policies of resources"),
      ...table(["resource", "", "who", "action", "when"], resources.flatMap(resourceLines)),
    ],
    [
      styleText("bold", "Actions allowed on every resource"),
      ...tableOrNone(
        ["role", "action"],
        wide.map(({ role, action }) => [role, action]),
      ),
    ],
    [
      styleText("bold", "Actions with a *"),
      ...tableOrNone(
        ["policy", "", "action"],
        patterns.map(({ owner, effect, action }) => [owner, effect.toLowerCase(), action]),
      ),
    ],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** For scripts. Fields are added, never renamed. */
export function toJson(report: IamReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
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

/** One line per action: the administration of a key has a dozen. */
function resourceLines({ resource, effect, principals, actions, condition }: ResourceRow): string[][] {
  return actions.map((action, line) =>
    line === 0
      ? [resource, effect.toLowerCase(), principals.join(", "), action, condition]
      : ["", "", "", action, ""],
  );
}

function tableOrNone(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? ["  none"] : table(head, rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return indented(alignColumns([head, ...rows], [], 2).lines);
}
