/** Of `{ onFailure: { … } }`, `{ OnFailure: { … } }`. What names of a map become, which are no fields, fits nowhere. */
export type PascalKeys<Value> = Value extends readonly (infer Item)[]
  ? PascalKeys<Item>[]
  : Value extends object
    ? string extends keyof Value
      ? unknown
      : { [Key in keyof Value as Capitalize<Key & string>]: PascalKeys<Value[Key]> }
    : Value;

/** Names fields as the SDK does, through and through, which the provider begins with a small letter. */
export function pascalKeys<Value>(value: Value): PascalKeys<Value>;
export function pascalKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascalKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [capitalized(key), pascalKeys(item)]));
}

export function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
