import { NotEmulatedError } from "../endpoint/error.ts";

interface TargetInput {
  /** Constant JSON in place of the event. */
  readonly input?: string | undefined;
  /** Part of the event. */
  readonly inputPath?: string | undefined;
  readonly inputTransformer?:
    | { readonly inputPaths: Readonly<Record<string, string>>; readonly inputTemplate: string }
    | undefined;
}

/**
 * What a target gets: the event, a part of it, a constant, or the template with what its paths lead to; a path to nothing
 * leaves nothing. A variable outside of quotes stands for JSON. Within quotes nothing is escaped: AWS does not say that it
 * would be, and says of its own variables that it is not.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function eventText({ input, inputPath, inputTransformer }: TargetInput, event: object): string {
  if (input !== undefined) return input;
  if (inputPath !== undefined) return JSON.stringify(valueAt(event, inputPath) ?? null);
  if (inputTransformer === undefined) return JSON.stringify(event);
  const { inputPaths, inputTemplate } = inputTransformer;
  return inputTemplate.replaceAll(/<([^<>]+)>/g, (whole, name: string, offset: number) => {
    const path = inputPaths[name];
    if (path === undefined) return whole;
    const value = valueAt(event, path);
    if (value === undefined) return "";
    return typeof value === "string" && isQuoted(inputTemplate, offset) ? value : JSON.stringify(value);
  });
}

function isQuoted(template: string, offset: number): boolean {
  const quotes = template.slice(0, offset).match(/(?<!\\)"/g) ?? [];
  return quotes.length % 2 === 1;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Only `$` and `$.name.name` are known of JSON paths. */
export function valueAt(event: object, path: string): unknown {
  if (!/^\$(\.[\w-]+)*$/.test(path)) throw new NotEmulatedError(`The path ${path} of an event target`);
  return path
    .split(".")
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
}
