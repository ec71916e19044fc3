import * as z from "zod/mini";
import { MILLION, type Segment, type Series, segmentsOf, seriesOf, toMillionths } from "./window.ts";

/**
 * A series as JSON: from `start`, each of `values` (in the metric's unit; null: unknown) holds for as many seconds as
 * `steps` says, in pairs of seconds and how many values in a row last so long. A minute's value takes some 5 bytes.
 */
export const storedSeriesSchema = z.object({
  start: z.int(),
  steps: z.array(z.int()),
  values: z.array(z.nullable(z.number())),
});
type StoredSeries = z.infer<typeof storedSeriesSchema>;

/** Thrown when the steps of a stored series do not match the number of its values. */
export class StoredSeriesError extends Error {
  override readonly name = "StoredSeriesError";
}

export function storeSeries(series: Series): StoredSeries | undefined {
  const segments = segmentsOf(series);
  const [first] = segments;
  if (first === undefined) return undefined;
  const stored: StoredSeries = { start: first.start, steps: [], values: [] };
  let end = first.start;
  for (const segment of segments) {
    if (segment.start > end) add(stored, segment.start - end, null);
    add(stored, segment.end - segment.start, segment.value / MILLION);
    end = segment.end;
  }
  return stored;
}

function add({ steps, values }: StoredSeries, seconds: number, value: number | null): void {
  const count = steps.at(-1);
  if (count !== undefined && steps.at(-2) === seconds) steps[steps.length - 1] = count + 1;
  else steps.push(seconds, 1);
  values.push(value);
}

/** Throws {@link StoredSeriesError}. Leaves out what ends before `from`, in seconds since the epoch. */
export function restoreSeries({ start, steps, values }: StoredSeries, from: number): Series {
  const segments: Segment[] = [];
  let end = start;
  let index = 0;
  for (let pair = 0; pair < steps.length; pair += 2) {
    const seconds = steps[pair] ?? 0;
    for (let count = steps[pair + 1] ?? 0; count > 0; count--) {
      const value = toMillionths(values[index]);
      if (value !== null) segments.push({ start: end, end: end + seconds, value });
      end += seconds;
      index += 1;
    }
  }
  if (index !== values.length)
    throw new StoredSeriesError(`steps are for ${index} values, but there are ${values.length}`);
  return seriesOf(segments, from);
}
