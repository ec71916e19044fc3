import { LIMITS } from "../../config/limits/aws.ts";
import { INPUT_LIMITS, type InputLimit, NAME_LIMITS, type NameLimit } from "../../config/limits/input.ts";
import type { AwsLimit, OwnLimit } from "../../config/limits/limit.ts";
import { OWN_LIMITS } from "../../config/limits/own.ts";
import { code, markdownTable } from "./markdown.ts";

const INTRODUCTION = `<!-- Generated from config/limits/aws.ts, config/limits/own.ts and config/limits/input.ts by npm run docs. -->
# Limits

How much AWS takes, where the program comes up against it, and where config takes less. Config is held against all of it
before anything is created, and the error names the key, what was found and what is allowed. Tests try each limit of
the first two tables at its ends and one past them, and hold the resources against the other two.
`;

/** `docs/limits.md`. */
export function limitsPage(): string {
  return [
    INTRODUCTION,
    "## Of AWS\n",
    "Keys are those of config below `stormwire:`.\n",
    markdownTable(["what", "least", "most", "unit", "met by"], Object.values(LIMITS).map(awsCells)),
    "## Of config itself\n",
    "Where AWS has no limit, or a wider one.\n",
    markdownTable(["what", "least", "most", "unit", "key", "why"], Object.values(OWN_LIMITS).map(ownCells)),
    "## Of names\n",
    "In characters, held against the longest names that config can give. Pulumi adds eight of its own to a name that the",
    "program leaves to it.\n",
    markdownTable(["resource", "input", "most"], Object.entries(NAME_LIMITS).map(nameCells)),
    "## Of other inputs\n",
    "Of a text its characters. The program sets them, config does not.\n",
    markdownTable(["resource", "input", "least", "most"], INPUT_LIMITS.map(inputCells)),
  ].join("\n");
}

function awsCells({ what, minimum, maximum, values, unit, metBy, link }: AwsLimit): string[] {
  const most = values === undefined ? figure(maximum) : `one of ${values.join(", ")}`;
  return [linked(what, link), figure(minimum), most, unit, metBy];
}

function ownCells({ what, minimum, maximum, unit, metBy, reason }: OwnLimit): string[] {
  return [what, figure(minimum), figure(maximum), unit, metBy, reason];
}

function nameCells([type, { input, maximum, link }]: [string, NameLimit]): string[] {
  return [linked(typeName(type), link), code(input), figure(maximum)];
}

function inputCells({ type, input, minimum, maximum, link }: InputLimit): string[] {
  return [linked(typeName(type), link), code(input), figure(minimum), figure(maximum)];
}

/** `aws:lambda/function:Function` -> `lambda.Function` */
function typeName(type: string): string {
  return type.replace(/^aws:(\w+)\/\w+:/, "$1.");
}

function linked(text: string, link: string): string {
  return `[${text}](${link})`;
}

function figure(value: number | undefined): string {
  return value === undefined ? "" : value.toLocaleString("en", { maximumFractionDigits: 3 });
}
