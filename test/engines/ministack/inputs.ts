/** A resource's inputs, which remember what was read of them: what the suite does not hand on must not go unnoticed. */
export class Inputs {
  readonly #inputs: Readonly<Record<string, unknown>>;
  readonly #unread: Set<string>;

  constructor(inputs: Readonly<Record<string, unknown>>) {
    this.#inputs = inputs;
    this.#unread = new Set(Object.keys(inputs));
  }

  // biome-ignore lint/suspicious/noExplicitAny: the SDK checks what it is given; the graph knows no types.
  get(name: string): any {
    this.#unread.delete(name);
    return this.#inputs[name];
  }

  /** `[{ Key, Value }]`, as half of the services want tags. */
  tagList(): { Key: string; Value: string }[] {
    return Object.entries(this.tags()).map(([Key, Value]) => ({ Key, Value }));
  }

  /** By name, as the other half wants them. */
  tags(): Record<string, string> {
    return this.get("tags") ?? {};
  }

  /** Inputs that say something of Pulumi's provider only, and nothing of AWS. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#unread.delete(name);
  }

  /** All that is not read yet, named as the SDK names it. */
  rest(): Record<string, unknown> {
    const names = [...this.#unread];
    return Object.fromEntries(names.map((name) => [pascal(name), pascalKeys(this.get(name))]));
  }

  unread(): readonly string[] {
    return [...this.#unread];
  }
}

/** `{ onFailure: { … } }` as `{ OnFailure: { … } }`, through and through: the difference between provider and SDK. */
// biome-ignore lint/suspicious/noExplicitAny: see Inputs.get
export function pascalKeys(value: unknown): any {
  if (Array.isArray(value)) return value.map(pascalKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [pascal(key), pascalKeys(item)]));
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
