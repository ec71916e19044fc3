const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Distances of ticks in time: what clocks and calendars are read by. */
const TIME_STEPS = [
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  ...[1, 2, 7, 14, 30, 91, 182, 365].map((days) => days * DAY),
];

export interface Ticks {
  /** Ascending. */
  readonly values: readonly number[];
  readonly format: (value: number) => string;
}

/** Round numbers (1, 2 or 5 times a power of ten) that enclose all of `values`, about `count` of them. */
export function valueTicks(values: readonly number[], count: number): Ticks {
  const [low, high] = rangeOf(values);
  const step = roundStep((high - low || Math.abs(high) || 1) / count);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  return {
    values: Array.from({ length: last - first + 1 }, (_, index) =>
      Number(((first + index) * step).toFixed(decimals)),
    ),
    format: (value) => value.toFixed(decimals),
  };
}

/** Hours or days of UTC within the span of `times` (milliseconds), at most `count` of them where the span allows. */
export function timeTicks(times: readonly number[], count: number): Ticks {
  const [low, high] = rangeOf(times);
  const step =
    TIME_STEPS.find((each) => (high - low) / each <= count) ?? Math.ceil((high - low) / count / DAY) * DAY;
  const first = Math.ceil(low / step) * step;
  const values = Array.from(
    { length: Math.floor((high - first) / step) + 1 },
    (_, index) => first + index * step,
  );
  const length = step >= DAY ? "2024-04-30".length : "2024-04-30T11:00".length;
  const skipped = high - low < 365 * DAY ? "2024-".length : 0;
  return {
    values: values.length > 0 ? values : [low],
    format: (value) => new Date(value).toISOString().slice(skipped, length).replace("T", " "),
  };
}

/** The months that `times` (their starts) name, as `2024-04`; not all of them where there are more than `count`. */
export function monthTicks(times: readonly number[], count: number): Ticks {
  const months = [...new Set(times)].sort((a, b) => a - b);
  const every = Math.ceil(months.length / count);
  return {
    values: months.filter((_, index) => index % every === 0),
    format: (value) => new Date(value).toISOString().slice(0, "2024-04".length),
  };
}

function rangeOf(values: readonly number[]): [number, number] {
  const start: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], start);
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((digit) => digit * power >= least) ?? 10) * power;
}
