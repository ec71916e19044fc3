/**
 * The function with its answers remembered by their key: for Intl's formatters, which take a hundred times longer to
 * make than to use, and of which a program has as many as languages and time zones.
 */
export function memoize<Input, Value>(
  make: (input: Input) => Value,
  keyOf: (input: Input) => string,
): (input: Input) => Value {
  const made = new Map<string, Value>();
  return (input) => {
    const key = keyOf(input);
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(input);
    made.set(key, value);
    return value;
  };
}
