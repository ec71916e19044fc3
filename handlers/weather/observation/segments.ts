/**
 * Observed stretches of one metric, oldest first, each of one value. Shared by all the states that came from one
 * another: a stretch is written once, when it begins, and never changes, so a state that sees the first n of them goes
 * on seeing the same, whatever is added behind. Values are whole millionths of the metric's unit: their sums are exact.
 */
export interface Segments {
  /** Of each stretch its start, value, covered and integral, side by side: few are looked at, of many places. */
  readonly cells: Float64Array;
  /** Of each full block: its highest and its lowest value. */
  readonly extremes: Float64Array;
  /** Stretches that are written. */
  used: number;
  /** The first of a chain. */
  hint: Hint | null;
}

/** What was found when a window of some length was last asked for: where to look first, never what is found now. */
interface Hint {
  readonly seconds: number;
  first: number;
  readonly highest: Extreme;
  readonly lowest: Extreme;
  readonly next: Hint | null;
}

/** The extreme of the stretches [first, length). */
interface Extreme {
  value: number;
  /** A stretch that holds it, or the first of a block that does. */
  at: number;
  first: number;
  length: number;
}

const CELLS = 4;
/** Seconds since the epoch, exclusive. */
const START = 0;
const VALUE = 1;
/** Seconds of all stretches before this one. */
const COVERED = 2;
/** Value times seconds of all stretches before this one. */
const INTEGRAL = 3;

/** Any two integrals then differ by less than 2^53, exactly. 72 h of what is plausible come to some 2^51. */
const MAX_INTEGRAL = 2 ** 52;

/** Stretches that share a pair of extremes: 72 h of minutes are then looked through in some 200 steps. */
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

/** Seconds of all stretches before one. */
export function coveredBefore({ cells }: Segments, index: number): number {
  return cells[index * CELLS + COVERED] ?? 0;
}

/** Value times seconds of all stretches before one. */
export function integralBefore({ cells }: Segments, index: number): number {
  return cells[index * CELLS + INTEGRAL] ?? 0;
}

/** When a stretch ends that has another behind it: the totals of that one tell. */
export function endOf(segments: Segments, index: number): number {
  return startOf(segments, index) + coveredBefore(segments, index + 1) - coveredBefore(segments, index);
}

/**
 * Whether a stretch fits behind the first `length` ones without touching what others see, and the totals up to there,
 * with the last one ending at `end`, are exact.
 */
export function hasRoom(segments: Segments, length: number, end: number): boolean {
  if (segments.used !== length || (length + 1) * CELLS > segments.cells.length) return false;
  return length === 0 || Math.abs(integralUntil(segments, length - 1, end)) <= MAX_INTEGRAL;
}

/** Value times seconds of all stretches up to and with one that ends at `end`. */
function integralUntil(segments: Segments, index: number, end: number): number {
  return integralBefore(segments, index) + valueAt(segments, index) * (end - startOf(segments, index));
}

/** Begins a stretch behind the others, whose last one ended at `end`. The caller has made sure of the room. */
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
 * The stretches [first, length) anew, as far as they lie after `from`, with room to grow by a quarter: an append then
 * pays for four copied stretches on average.
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

/** First of the stretches [first, length) that ends after `from`, where the last one is known to. */
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
    // Mostly the same stretch as for the observation before, or the next.
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

/** First of the stretches [first, last] that ends after `from`, where the last one is known to. */
function search(segments: Segments, first: number, last: number, from: number): number {
  let [low, high] = [first, last];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(segments, middle) > from) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Highest value of the stretches [first, length), for windows of a length. */
export function highestOf(segments: Segments, first: number, length: number, windowSeconds: number): number {
  return extremeOf(segments, first, length, 1, hintFor(segments, windowSeconds).highest);
}

/** Lowest value of the stretches [first, length), for windows of a length. */
export function lowestOf(segments: Segments, first: number, length: number, windowSeconds: number): number {
  return extremeOf(segments, first, length, -1, hintFor(segments, windowSeconds).lowest);
}

/** Looks only at what has come since the last time, as long as what was the extreme then is still there. */
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
