/**
 * Observed stretches of one metric, oldest first, shared by all the states that came from one another. An entry never
 * changes once it is written, so a state that sees the first n of them goes on seeing the same, whatever is added
 * behind. Values are whole millionths of the metric's unit: sums of them are exact.
 */
export interface Entries {
  /** Of each entry: end, value, covered, integral. Side by side, for an observation looks at few entries of many places. */
  readonly cells: Float64Array;
  /** Of each full block: its highest and its lowest value. */
  readonly extremes: Float64Array;
  /** Entries that are written. */
  used: number;
  readonly hints: Hint[];
}

/** What was found when a window of some length was last asked for: where to look first, never what is found now. */
interface Hint {
  readonly seconds: number;
  first: number;
  highest: Extreme;
  lowest: Extreme;
}

/** The extreme of the entries [first, length). */
interface Extreme {
  readonly value: number;
  /** An entry that holds it, or the first of a block that does. */
  readonly at: number;
  readonly first: number;
  readonly length: number;
}

const NO_EXTREME: Extreme = { value: 0, at: -1, first: 0, length: 0 };

const CELLS = 4;
/** Seconds since the epoch at which the stretch ends. */
const END = 0;
const VALUE = 1;
/** Seconds of all stretches up to and with this one. */
const COVERED = 2;
/** Value times seconds of all stretches up to and with this one; stays below 2^53. */
const INTEGRAL = 3;

/** Entries that share a pair of extremes: 72 h of minutes are then looked through in some 200 steps. */
const BLOCK_LENGTH = 64;

export function createEntries(capacity: number): Entries {
  return {
    cells: new Float64Array(capacity * CELLS),
    extremes: new Float64Array(Math.floor(capacity / BLOCK_LENGTH) * 2),
    used: 0,
    hints: [],
  };
}

export function endOf({ cells }: Entries, index: number): number {
  return cells[index * CELLS + END] ?? 0;
}

export function figureAt({ cells }: Entries, index: number): number {
  return cells[index * CELLS + VALUE] ?? 0;
}

/** Seconds covered by the entries before one. */
export function coveredBefore({ cells }: Entries, index: number): number {
  return index === 0 ? 0 : (cells[(index - 1) * CELLS + COVERED] ?? 0);
}

/** Value times seconds of the entries before one. */
export function integralBefore({ cells }: Entries, index: number): number {
  return index === 0 ? 0 : (cells[(index - 1) * CELLS + INTEGRAL] ?? 0);
}

/** How long a stretch is, in seconds. */
export function secondsOf(entries: Entries, index: number): number {
  return coveredBefore(entries, index + 1) - coveredBefore(entries, index);
}

/** The entries [first, length) anew, with room to grow by a quarter: a copy costs no more than four appends an entry. */
export function copyEntries(entries: Entries, first: number, length: number): Entries {
  const count = length - first;
  const copy = createEntries(count + Math.max(16, count >> 2));
  for (let index = first; index < length; index++) {
    write(copy, endOf(entries, index), secondsOf(entries, index), figureAt(entries, index));
  }
  return copy;
}

/** Whether an entry fits behind the first `length` ones without touching what others see, and its sums stay exact. */
export function hasRoom(entries: Entries, length: number, seconds: number, value: number): boolean {
  return (
    entries.used === length &&
    (length + 1) * CELLS <= entries.cells.length &&
    Math.abs(integralBefore(entries, length) + value * seconds) <= Number.MAX_SAFE_INTEGER
  );
}

/** Adds an entry; the caller has made sure of the room. */
export function write(entries: Entries, end: number, seconds: number, value: number): void {
  const { cells, used } = entries;
  const cell = used * CELLS;
  const covered = coveredBefore(entries, used) + seconds;
  const integral = integralBefore(entries, used) + value * seconds;
  cells[cell + END] = end;
  cells[cell + VALUE] = value;
  cells[cell + COVERED] = covered;
  cells[cell + INTEGRAL] = integral;
  entries.used = used + 1;
  if (entries.used % BLOCK_LENGTH === 0) closeBlock(entries, used - BLOCK_LENGTH + 1);
}

function closeBlock(entries: Entries, first: number): void {
  let [highest, lowest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let index = first; index < first + BLOCK_LENGTH; index++) {
    const value = figureAt(entries, index);
    if (value > highest) highest = value;
    if (value < lowest) lowest = value;
  }
  const block = first / BLOCK_LENGTH;
  entries.extremes[block * 2] = highest;
  entries.extremes[block * 2 + 1] = lowest;
}

/** A part of the entries, as a window of some length sees it: [first, length). */
export interface Part {
  readonly first: number;
  readonly length: number;
  readonly hint: Hint;
}

/** The entries of [first, length) that end after `fromSeconds`. */
export function partAfter(
  entries: Entries,
  first: number,
  length: number,
  fromSeconds: number,
  windowSeconds: number,
): Part {
  const hint = hintFor(entries, windowSeconds);
  let index = Math.min(Math.max(hint.first, first), length);
  if (index > first && endOf(entries, index - 1) > fromSeconds) {
    index = search(entries, first, index, fromSeconds);
  } else {
    // Mostly the same entry as for the observation before, or the next.
    const near = Math.min(index + 2, length);
    while (index < near && endOf(entries, index) <= fromSeconds) index++;
    if (index === near) index = search(entries, index, length, fromSeconds);
  }
  hint.first = index;
  return { first: index, length, hint };
}

function hintFor({ hints }: Entries, seconds: number): Hint {
  for (const hint of hints) if (hint.seconds === seconds) return hint;
  const hint = { seconds, first: 0, highest: NO_EXTREME, lowest: NO_EXTREME };
  hints.push(hint);
  return hint;
}

function search(entries: Entries, first: number, length: number, fromSeconds: number): number {
  let [low, high] = [first, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(entries, middle) > fromSeconds) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Highest value of a part; -Infinity when it is empty. */
export function highestOf(entries: Entries, { first, length, hint }: Part): number {
  hint.highest = extremeOf(entries, first, length, 1, hint.highest);
  return hint.highest.value;
}

/** Lowest value of a part; Infinity when it is empty. */
export function lowestOf(entries: Entries, { first, length, hint }: Part): number {
  hint.lowest = extremeOf(entries, first, length, -1, hint.lowest);
  return hint.lowest.value;
}

/** Looks only at what has come since the last time, as long as what was the extreme then is still there. */
function extremeOf(entries: Entries, first: number, length: number, sign: 1 | -1, last: Extreme): Extreme {
  const isKnown = last.first <= first && first <= last.at && last.length <= length;
  let value = isKnown ? last.value : -sign * Number.POSITIVE_INFINITY;
  let at = isKnown ? last.at : first;
  for (let index = isKnown ? last.length : first; index < length; ) {
    const isBlock = index % BLOCK_LENGTH === 0 && index + BLOCK_LENGTH <= length;
    const candidate = isBlock ? extremeOfBlock(entries, index, sign) : figureAt(entries, index);
    if (candidate * sign >= value * sign) {
      value = candidate;
      at = index;
    }
    index += isBlock ? BLOCK_LENGTH : 1;
  }
  return { value, at, first, length };
}

function extremeOfBlock({ extremes }: Entries, first: number, sign: 1 | -1): number {
  return extremes[(first / BLOCK_LENGTH) * 2 + (sign === 1 ? 0 : 1)] ?? 0;
}
