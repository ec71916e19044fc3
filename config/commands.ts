import { stringify } from "yaml";
import { confidentialKey, maskText } from "./mask.ts";

type Path = readonly PropertyKey[];

const STACK_FILE = "the stack's Pulumi.*.yaml";

/** A part of a key path that the CLI reads without quotes: https://www.pulumi.com/docs/iac/concepts/config/#structured-configuration */
const PLAIN_PART = /^[\w-]+$/;

/** `stormwire:subscriptions.duty-officer.sms`, as `--path` takes it. Confidential parts are masked. */
export function keyPath(path: Path): string {
  const [first, ...rest] = path;
  return rest.reduce<string>(
    (text, part) => text + (typeof part === "number" ? `[${part}]` : keyPart(maskText(String(part)))),
    `stormwire:${maskText(String(first))}`,
  );
}

function keyPart(part: string): string {
  return PLAIN_PART.test(part) ? `.${part}` : `["${part.replaceAll('"', '\\"')}"]`;
}

/**
 * The `pulumi config set` command for a key path; endpoints and keys are set as secrets. `--` stands before every value:
 * without it the CLI reads a value that begins with a hyphen, which any number or key may do, as an option.
 */
export function setCommand(path: Path, value: string | number | boolean, stack?: string): string {
  const isSecret = confidentialKey(path) !== undefined;
  return isMasked(path)
    ? `set ${keyPath(path)} in ${STACK_FILE}`
    : `pulumi config set${flags(path, stack, isSecret)} ${quote(keyPath(path))} -- ${quote(String(value))}`;
}

/** The `pulumi config rm` command for a key path. */
export function removeCommand(path: Path): string {
  return isMasked(path)
    ? `remove ${keyPath(path)} from ${STACK_FILE}`
    : `pulumi config rm${flags(path)} ${quote(keyPath(path))}`;
}

/**
 * How to give a key path a value that may be a map or a list. The CLI would store the JSON of one as text, so it is shown
 * as YAML; one that holds a secret is set key by key instead, as the CLI must encrypt it.
 * @param found what is there now: the CLI sets no key below a value that is not a map
 */
export function setting(path: Path, value: unknown, found: unknown): string {
  if (!isContainer(value)) return setCommand(path, value as string | number | boolean);
  const leaves = leavesOf(path, value);
  if (leaves.every(([leaf]) => confidentialKey(leaf) === undefined)) {
    return `write in ${STACK_FILE}, as the value of ${keyPath(path)}:\n${stringify(value).trimEnd()}`;
  }
  const isInTheWay = found !== undefined && !isContainer(found);
  return [
    ...(isInTheWay ? [removeCommand(path)] : []),
    ...leaves.map(([leaf, text]) => setCommand(leaf, text)),
  ].join(" && ");
}

/** How to correct a key that lies in a value which is stored as JSON text; the CLI sets and removes whole values only. */
export function textEdit(path: Path): string {
  return `edit the text of ${keyPath(path)} in ${STACK_FILE}`;
}

/** How to give a key another name and keep its value. */
export function renaming(path: Path, name: string): string {
  return `rename ${keyPath(path)} to ${name} in ${STACK_FILE}`;
}

function leavesOf(path: Path, value: unknown): [Path, string][] {
  return isContainer(value)
    ? Object.entries(value).flatMap(([key, inner]) =>
        leavesOf([...path, Array.isArray(value) ? Number(key) : key], inner),
      )
    : [[path, String(value)]];
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** What is masked cannot be typed. */
function isMasked(path: Path): boolean {
  return path.some((part) => maskText(String(part)) !== String(part));
}

function flags(path: Path, stack?: string, isSecret = false): string {
  const all = [
    path.length > 1 && "--path",
    isSecret && "--secret",
    stack !== undefined && `--stack ${quote(stack)}`,
  ];
  return all.flatMap((flag) => (flag === false ? [] : [` ${flag}`])).join("");
}

/** One word of a POSIX shell. */
function quote(text: string): string {
  return /^[\w:.@+/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
