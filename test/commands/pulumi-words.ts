import { parse } from "shell-quote";

/**
 * What the Pulumi CLI documents of its arguments and of the values that it stores:
 * https://www.pulumi.com/docs/iac/cli/commands/pulumi_config_set/, https://www.pulumi.com/docs/iac/concepts/config/#structured-configuration;
 * flags as pflag reads them: https://pkg.go.dev/github.com/spf13/pflag#hdr-Command_line_flag_syntax
 */
const COMMANDS: Readonly<Record<string, { flags: readonly string[]; words: readonly [number, number] }>> = {
  "config set": { flags: ["--path", "--secret", "--stack="], words: [2, 2] },
  "config rm": { flags: ["--path", "--stack="], words: [1, 1] },
  "stack init": { flags: [], words: [1, 1] },
  "stack output": { flags: ["--json", "--stack="], words: [0, 1] },
  "stack export": { flags: ["--stack="], words: [0, 0] },
  "stack rm": { flags: [], words: [1, 1] },
  login: { flags: ["--local"], words: [0, 0] },
  install: { flags: [], words: [0, 0] },
  preview: { flags: ["--stack="], words: [0, 0] },
  up: { flags: ["--refresh", "--stack="], words: [0, 0] },
  destroy: { flags: ["--stack="], words: [0, 0] },
};

export interface PulumiCommand {
  readonly name: string;
  readonly flags: ReadonlySet<string>;
  readonly words: readonly string[];
}

/** Thrown for what the CLI, or the shell before it, refuses or reads as something else than what is written. */
export class CommandLineError extends Error {
  override readonly name = "CommandLineError";
}

/** The `pulumi` commands of a line of a POSIX shell; other commands are left out. @throws {CommandLineError} */
export function pulumiCommands(line: string, env: Readonly<Record<string, string>> = {}): PulumiCommand[] {
  if (/^[^']*("[^"]*![^"]*")/.test(line))
    throw new CommandLineError(`${line}: an interactive shell expands the !`);
  const commands: string[][] = [[]];
  for (const token of parse(line, (name) => env[name] ?? unset(line, name))) {
    if (typeof token === "string") commands.at(-1)?.push(token);
    else if ("comment" in token) break;
    else if (token.op === "&&" || token.op === ";") commands.push([]);
    else throw new CommandLineError(`${line}: ${token.op} has a meaning to the shell`);
  }
  return commands.filter(([program]) => program === "pulumi").map(([, ...words]) => commandOf(words));
}

function unset(line: string, name: string): never {
  throw new CommandLineError(`${line}: the shell puts in $${name}`);
}

function commandOf(given: readonly string[]): PulumiCommand {
  const name = [given.slice(0, 2).join(" "), given[0] ?? ""].find((candidate) => candidate in COMMANDS);
  const command = COMMANDS[name ?? ""];
  if (name === undefined || command === undefined) {
    throw new CommandLineError(`pulumi ${given.join(" ")}: not a command that this test knows`);
  }
  const rest = [...given.slice(name.split(" ").length)];
  const flags = new Set<string>();
  const words: string[] = [];
  while (rest.length > 0) {
    const word = rest.shift() ?? "";
    if (word === "--") words.push(...rest.splice(0));
    else if (!word.startsWith("-") || word === "-") words.push(word);
    else if (command.flags.includes(word)) flags.add(word);
    else if (command.flags.includes(`${word}=`) && rest.length > 0) flags.add(`${word}=${rest.shift()}`);
    else if (word.startsWith("--")) throw new CommandLineError(`unknown flag: ${word}`);
    else throw new CommandLineError(`unknown shorthand flag: ${JSON.stringify(word[1])} in ${word}`);
  }
  const [fewest, most] = command.words;
  if (words.length < fewest || words.length > most) {
    throw new CommandLineError(`pulumi ${name}: ${words.length} arguments, ${words.join(" ")}`);
  }
  return { name, flags, words };
}

/** A key of `--path` as its parts. @throws {CommandLineError} */
export function keyParts(key: string): (string | number)[] {
  const parts: (string | number)[] = [];
  const pattern = /\["((?:[^"\\]|\\")*)"\]|\[(\d+)\]|(?:^|\.)([^.[\]"]+)/y;
  while (pattern.lastIndex < key.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(key);
    if (match === null) throw new CommandLineError(`invalid config key path: ${key.slice(from)}`);
    const [, quoted, index, plain] = match;
    parts.push(index === undefined ? (quoted?.replaceAll('\\"', '"') ?? plain ?? "") : Number(index));
  }
  return parts;
}

type Stored = string | number | boolean | Stored[] | { [key: string]: Stored };

/** Config of a stack, `namespace:key` -> value, on which `config set` and `config rm` have the effect that they have in its file. */
export class PulumiConfig {
  readonly values: Record<string, Stored>;

  constructor(values: Readonly<Record<string, unknown>> = {}) {
    this.values = structuredClone(values) as Record<string, Stored>;
  }

  /** @throws {CommandLineError} */
  run({ name, flags, words: [key = "", value = ""] }: PulumiCommand): void {
    if (!name.startsWith("config ")) return;
    const parts = flags.has("--path") ? keyParts(key) : [key];
    if (name === "config rm") this.#remove(parts);
    else this.#set(parts, parts.length > 1 && !flags.has("--secret") ? guessed(value) : value);
  }

  /** As Pulumi passes it to a program. */
  asPassed(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.values).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
  }

  #set(parts: readonly (string | number)[], value: Stored): void {
    let container: Record<string | number, Stored> | Stored[] = this.values;
    for (const [depth, part] of parts.slice(0, -1).entries()) {
      const inner = at(container, part);
      if (typeof inner !== "object") {
        // At the first level what is there is overwritten.
        if (inner !== undefined && depth > 0)
          throw new CommandLineError(`${parts.join(".")}: expected a map or a list`);
        put(container, part, typeof parts[depth + 1] === "number" ? [] : {});
      }
      container = at(container, part) as Record<string, Stored> | Stored[];
    }
    put(container, parts.at(-1) ?? "", value);
  }

  #remove(parts: readonly (string | number)[]): void {
    const last = parts.at(-1) ?? "";
    const container = parts
      .slice(0, -1)
      .reduce<unknown>((inner, part) => at(inner as Record<string, Stored>, part), this.values);
    if (Array.isArray(container)) container.splice(Number(last), 1);
    else if (typeof container === "object" && container !== null) Reflect.deleteProperty(container, last);
  }
}

function at(
  container: Record<string | number, Stored> | Stored[],
  part: string | number,
): Stored | undefined {
  return Reflect.get(container, part);
}

function put(container: object, part: string | number, value: Stored): void {
  if (Array.isArray(container) !== (typeof part === "number")) {
    throw new CommandLineError(`${part}: a list has indices, a map has names`);
  }
  if (Array.isArray(container) && Number(part) > container.length) {
    throw new CommandLineError(`${part}: array index out of range`);
  }
  Object.defineProperty(container, part, { value, enumerable: true, writable: true, configurable: true });
}

/** Only booleans and whole numbers get a type; one that begins with 0 stays text. */
function guessed(value: string): Stored {
  if (value === "true" || value === "false") return value === "true";
  return /^[+-]?\d+$/.test(value) && !/^0\d/.test(value) ? Number(value) : value;
}
