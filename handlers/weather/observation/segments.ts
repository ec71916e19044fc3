/**
 * Observed segments of one metric, oldest first, each with one value. Successive states share them: a segment is written
 * once, when it begins, and never changes, so that a state that uses the first n segments is not affected by later ones.
 * Values are whole millionths of the metric's unit, so that sums are exact.
 */
export interface Segments {
  /** Start, value, covered and integral of each segment, stored next to each other for locality. */
  readonly cells: Float64Array;
  /** Highest and lowest value of each full block. */
  readonly extremes: Float64Array;
  /** Number of segments written. */
  used: number;
  /** Head of a linked list. */
  hint: Hint | null;
}

/** The previous result for a window length. It tells where to start a search, never the result itself. */
interface Hint {
  readonly seconds: number;
  first: number;
  readonly highest: Extreme;
  readonly lowest: Extreme;
  readonly next: Hint | null;
}

/** The extreme of the segments [first, length). */
interface Extreme {
  value: number;
  /** Index of a segment with this value, or of the first segment of its block. */
  at: number;
  first: number;
  length: number;
}

const CELLS = 4;
/** Seconds since the epoch, exclusive. */
const START = 0;
const VALUE = 1;
/** Seconds of all segments before this one. */
const COVERED = 2;
/** Value times seconds of all segments before this one. */
const INTEGRAL = 3;

/** Any two integrals then differ by less than 2^53, exactly. 72 h of what is plausible come to some 2^51. */
const MAX_INTEGRAL = 2 ** 52;

/** Segments that share a pair of extremes. 72 h of minutes are then searched in some 200 steps. */
const BLOCK_LENGTH = 64;

export function createSegments(capacity: number): Segments {
  return {
    cells: new Float64Array(capacity * CELLS),
    extremes: new Float64Array(Math.floor(capacity / BLOCK_LENGTH) * 2),
    used: 0,
    hint: null,
  };
}

export function startOf({ cells }: Segments, index: number): number {
  return cells[index * CELLS + START] ?? 0;
}

export function valueAt({ cells }: Segments, index: number): number {
  return cells[index * CELLS + VALUE] ?? 0;
}

/** Seconds of all segments before one. */
export function coveredBefore({ cells }: Segments, index: number): number {
  return cells[index * CELLS + COVERED] ?? 0;
}

/** Value times seconds of all segments before one. */
export function integralBefore({ cells }: Segments, index: number): number {
  return cells[index * CELLS + INTEGRAL] ?? 0;
}

/** End of a segment that is not the last. It follows from the totals of the next one. */
export function endOf(segments: Segments, index: number): number {
  return startOf(segments, index) + coveredBefore(segments, index + 1) - coveredBefore(segments, index);
}

/**
 * Whether a segment can be appended after the first `length` ones without changing what other states use, and the totals up
 * to there, with the last segment ending at `end`, are exact.
 */
export function hasRoom(segments: Segments, length: number, end: number): boolean {
  if (segments.used !== length || (length + 1) * CELLS > segments.cells.length) return false;
  return length === 0 || Math.abs(integralUntil(segments, length - 1, end)) <= MAX_INTEGRAL;
}

/** Value times seconds of all segments up to and including one that ends at `end`. */
function integralUntil(segments: Segments, index: number, end: number): number {
  return integralBefore(segments, index) + valueAt(segments, index) * (end - startOf(segments, index));
}

/** Appends a segment. The last one ended at `end`. Requires {@link hasRoom}. */
export function begin(segments: Segments, end: number, start: number, value: number): void {
  const { cells, used } = segments;
  const last = used - 1;
  const cell = used * CELLS;
  cells[cell + START] = start;
  cells[cell + VALUE] = value;
  cells[cell + COVERED] = used === 0 ? 0 : coveredBefore(segments, last) + end - startOf(segments, last);
  cells[cell + INTEGRAL] = used === 0 ? 0 : integralUntil(segments, last, end);
  segments.used = used + 1;
  if (segments.used % BLOCK_LENGTH === 0) closeBlock(segments, segments.used - BLOCK_LENGTH);
}

function closeBlock(segments: Segments, first: number): void {
  let [highest, lowest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let index = first; index < first + BLOCK_LENGTH; index++) {
    const value = valueAt(segments, index);
    if (value > highest) highest = value;
    if (value < lowest) lowest = value;
  }
  const block = first / BLOCK_LENGTH;
  segments.extremes[block * 2] = highest;
  segments.extremes[block * 2 + 1] = lowest;
}

/**
 * Copies the parts of the segments [first, length) after `from`, with room to grow by a quarter, so that an append pays for
 * four copied segments on average.
 */
export function copySegments(segments: Segments, first: number, length: number, from: number): Segments {
  const count = length - first;
  const copy = createSegments(count + Math.max(16, count >> 2));
  for (let index = first; index < length; index++) {
    const end = index === first ? 0 : endOf(segments, index - 1);
    begin(copy, end, Math.max(startOf(segments, index), from), valueAt(segments, index));
  }
  return copy;
}

/** First of the segments [first, length) that ends after `from`. The last one must end after it. */
export function firstAfter(
  segments: Segments,
  first: number,
  length: number,
  from: number,
  windowSeconds: number,
): number {
  const hint = hintFor(segments, windowSeconds);
  const last = length - 1;
  let index = Math.min(Math.max(hint.first, first), last);
  if (index > first && endOf(segments, index - 1) > from) {
    index = search(segments, first, index, from);
  } else {
    // Usually the same segment as for the previous observation, or the next one.
    const near = Math.min(index + 2, last);
    while (index < near && endOf(segments, index) <= from) index++;
    if (index === near) index = search(segments, index, last, from);
  }
  hint.first = index;
  return index;
}

function hintFor(segments: Segments, seconds: number): Hint {
  for (let hint = segments.hint; hint !== null; hint = hint.next) {
    if (hint.seconds === seconds) return hint;
  }
  const nothing = { value: 0, at: -1, first: 0, length: 0 };
  const hint = { seconds, first: 0, highest: { ...nothing }, lowest: { ...nothing }, next: segments.hint };
  segments.hint = hint;
  return hint;
}

/** First of the segments [first, last] that ends after `from`. The last one must end after it. */
function search(segments: Segments, first: number, last: number, from: number): number {
  let [low, high] = [first, last];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(segments, middle) > from) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Highest value of the segments [first, length), for windows of a length. */
export function highestOf(segments: Segments, first: number, length: number, windowSeconds: number): number {
  return extremeOf(segments, first, length, 1, hintFor(segments, windowSeconds).highest);
}

/** Lowest value of the segments [first, length), for windows of a length. */
export function lowestOf(segments: Segments, first: number, length: number, windowSeconds: number): number {
  return extremeOf(segments, first, length, -1, hintFor(segments, windowSeconds).lowest);
}

/** Searches only new segments while the previous extreme is still within the window. */
function extremeOf(segments: Segments, first: number, length: number, sign: 1 | -1, last: Extreme): number {
  const isKnown = last.first <= first && first <= last.at && last.length <= length;
  let value = isKnown ? last.value : -sign * Number.POSITIVE_INFINITY;
  let at = isKnown ? last.at : first;
  for (let index = isKnown ? last.length : first; index < length; ) {
    const isBlock = index % BLOCK_LENGTH === 0 && index + BLOCK_LENGTH <= length;
    const candidate = isBlock ? extremeOfBlock(segments, index, sign) : valueAt(segments, index);
    if (candidate * sign >= value * sign) {
      value = candidate;
      at = index;
    }
    index += isBlock ? BLOCK_LENGTH : 1;
  }
  last.value = value;
  last.at = at;
  last.first = first;
  last.length = length;
  return value;
}

function extremeOfBlock({ extremes }: Segments, first: number, sign: 1 | -1): number {
  return extremes[(first / BLOCK_LENGTH) * 2 + (sign === 1 ? 0 : 1)] ?? 0;
}
