/** A record with an entry, or without it where the value is undefined. */
export function withEntry<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
  value: Value | undefined,
): Readonly<Record<string, Value>> {
  // A computed key in a literal, and `delete`, would make all that follows several times slower.
  if (value === undefined) return filtered(record, (candidate) => candidate !== key);
  const changed: Record<string, Value> = { ...record };
  changed[key] = value;
  return changed;
}

/** A record without the keys that are not among the allowed. The very same object when all are. */
export function withOnly<Value>(
  record: Readonly<Record<string, Value>>,
  allowed: ReadonlySet<string>,
): Readonly<Record<string, Value>> {
  for (const key in record) {
    if (!allowed.has(key)) {
      return filtered(record, (candidate) => allowed.has(candidate));
    }
  }
  return record;
}

function filtered<Value>(
  record: Readonly<Record<string, Value>>,
  stays: (key: string) => boolean,
): Readonly<Record<string, Value>> {
  const kept: Record<string, Value> = {};
  for (const [key, value] of Object.entries(record)) if (stays(key)) kept[key] = value;
  return kept;
}
