import { addDays } from "date-fns/addDays";
import { parseISO } from "date-fns/parseISO";
import type { Location } from "../../handlers/weather/observation/location.ts";
import type { Clock } from "../../local/clock/clock.ts";
import type { Cloud } from "../../local/cloud.ts";
import type { ReplayRecord } from "../../replay/records.ts";
import { type ReadingsReplay, type RecordsReplay, type Replay, readReplay } from "../../replay/replay.ts";

/** Everything that `--replay` names, read and checked. */
export interface Feed {
  /** Served by the loopback weather API and polled by the producer. */
  readonly readings: readonly ReadingsReplay[];
  /** Put on the stream as they are: the producer is one of many that could. */
  readonly records: readonly RecordsReplay[];
  readonly start: Date;
  /** Time of the last reading or record. */
  readonly end: Date;
}

/** The flood of Porto Alegre; see data/README.md. */
export const DEFAULT_REPLAY = "data/porto-alegre-2024-flood.csv";

/** Reads the replay files. Throws {@link import("../../replay/error.ts").ReplayError}. */
export async function readFeed(specs: readonly string[], locations: readonly Location[]): Promise<Feed> {
  const replays: Replay[] = [];
  for (const spec of specs) {
    replays.push(await readReplay(spec, { locations }));
  }
  const readings = replays.filter((replay) => replay.kind === "readings");
  const records = replays.filter((replay) => replay.kind === "records");
  const millis = [
    ...readings.flatMap((series) => [series.readings[0]?.time, series.readings.at(-1)?.time]),
    ...records.flatMap((file) => deliveries(file.records).map(({ time }) => time)),
  ].flatMap((time) => (time === undefined ? [] : [time.getTime()]));
  const [start, end] = [millis.reduce((a, b) => Math.min(a, b)), millis.reduce((a, b) => Math.max(a, b))];
  return { readings, records, start: new Date(start), end: new Date(end) };
}

/** An unset clock says 1970 or 1980. */
const EARLIEST_RECORDED = parseISO("2000-01-01T00:00:00Z");

/**
 * When each record of a file arrives: at its own time, but never before the line above it. So a late record arrives
 * late, a duplicate arrives twice, and garbage arrives with its neighbour: so does a time that cannot be right,
 * because the run would pass through all the years up to it.
 */
export function deliveries(records: readonly ReplayRecord[]): { time: Date; record: ReplayRecord }[] {
  const tomorrow = addDays(new Date(), 1);
  const times = records.map(({ time }) =>
    time !== undefined && time >= EARLIEST_RECORDED && time <= tomorrow ? time : undefined,
  );
  let latest = times.find((time) => time !== undefined) ?? EARLIEST_RECORDED;
  return records.map((record, index) => {
    const time = times[index];
    latest = time !== undefined && time > latest ? time : latest;
    return { time: latest, record };
  });
}

/** Puts every record on the stream at its time, in file order, in the operator's name. */
export function scheduleRecords(
  feed: Feed,
  streamName: string,
  clock: Clock,
  cloud: Cloud,
  until: Date,
): void {
  for (const { time, record } of feed.records.flatMap(({ records }) => deliveries(records))) {
    if (time <= until) {
      clock.at(time, async () => {
        await cloud.gateway.call(cloud.operator, "kinesis", "PutRecord", {
          StreamName: streamName,
          PartitionKey: record.location ?? "unknown",
          Data: record.bytes,
        });
      });
    }
  }
}
