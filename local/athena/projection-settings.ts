import { NotEmulatedError } from "../endpoint/error.ts";

/** Properties `projection.KEY.…` of one partition key, with errors that name them. */
export class ProjectionSettings {
  readonly #table: string;
  readonly #key: string;
  readonly #values: ReadonlyMap<string, string>;

  constructor(table: string, key: string, values: ReadonlyMap<string, string> = new Map()) {
    this.#table = table;
    this.#key = key;
    this.#values = values;
  }

  get names(): string[] {
    return [...this.#values.keys()];
  }

  /** As it is: white space is part of an enumerated value. */
  optional(name: string): string | undefined {
    return this.#values.get(name);
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw this.refusal(name, "that is missing");
    return value;
  }

  /** A whole number of 1 or more. */
  count(name: string, missing: number): number {
    const text = this.optional(name)?.trim() ?? String(missing);
    if (!/^[1-9]\d*$/.test(text))
      throw this.refusal(name, `"${text}", where a whole number of 1 or more is allowed`);
    return Number(text);
  }

  refusal(name: string, problem: string): NotEmulatedError {
    return new NotEmulatedError(`table ${this.#table} with projection.${this.#key}.${name} ${problem}`);
  }
}
