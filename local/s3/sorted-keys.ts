/** A set of keys in the order in which S3 lists them: by the bytes of their UTF-8 form. */
interface SortedKeys {
  add(key: string): void;
  delete(key: string): void;
  /** Keys from `bound` on, `bound` included if present. */
  from(bound: string): Iterable<string>;
}

export function createSortedKeys(initial: Iterable<string> = []): SortedKeys {
  const keys = [...new Set(initial)].sort(compareUtf8);
  return {
    add(key) {
      const index = lowerBound(keys, key);
      if (keys[index] !== key) keys.splice(index, 0, key);
    },
    delete(key) {
      const index = lowerBound(keys, key);
      if (keys[index] === key) keys.splice(index, 1);
    },
    *from(bound) {
      for (let index = lowerBound(keys, bound); index < keys.length; index += 1) yield keys[index] ?? "";
    },
  };
}

/** JavaScript compares UTF-16 units, which puts U+1F327 before U+FF21; UTF-8 does not. */
export function compareUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8(keys[middle] ?? "", key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
