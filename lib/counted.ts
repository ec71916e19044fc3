/** `1 e-mail`, `0 days`, `2 batches`: a count with its noun, as every summary says it. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${value} ${nounOf(value, one, many)}`;
}

/** The noun alone, for a count that is written in another way. */
export function nounOf(value: number, one: string, many = `${one}s`): string {
  return value === 1 ? one : many;
}
