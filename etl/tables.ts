import { FIELDS, MEASURES } from "../handlers/weather/observation/fields.ts";
import type { TableColumn, TableDefinition } from "./table-definition.ts";

/** Partition of every table of gold: the UTC day of the event, `YYYY-MM-DD`. */
export const DAY_COLUMN: TableColumn = {
  name: "day",
  type: "string",
  unit: "UTC",
  nullable: false,
  description: "Day of the event; the partition, so every query names its days.",
};

const OBSERVATIONS: TableDefinition = {
  name: "observations",
  title: "Observations, one row for each location and time",
  rawPrefix: "raw/",
  key: ["location", "observed_at"],
  sort: ["location", "observed_at"],
  columns: [
    text("location", "location.id", "Location, by its key in the config.", false),
    text("location_name", "location.name", "Display name of the location."),
    degrees("latitude", "location.lat", "North of the equator."),
    degrees("longitude", "location.lon", "East of Greenwich."),
    time(
      "observed_at",
      "data.time",
      "Time of the observation in UTC, from `archive.observedAt` of the line.",
      false,
    ),
    ...FIELDS.map((field): TableColumn => {
      const { column, unit, type, description } = MEASURES[field];
      const source = `data.values.${field}`;
      return { name: column, type, ...(unit !== "" && { unit }), nullable: true, source, description };
    }),
    text(
      "flags",
      "archive.flags",
      "Values that are not good, each with its flag: `rain_intensity=999.9 erroneous:fill; wind_gust=39.7 doubtful:gust`. Their columns are NULL. NULL when every value is good.",
    ),
    text("source", "source", "Weather API that reported it."),
    time("arrived_at", "archive.arrivedAt", "When the record of this row arrived on the stream."),
    {
      name: "deliveries",
      type: "integer",
      nullable: false,
      description: "Number of stream records for this location and time; the row is the latest.",
    },
  ],
  view: {
    observed_utc: "archive.observedAt",
    observation_time: "data.time",
    measures: "data.values",
    location_id: "location.id",
    location_name: "location.name",
    latitude: "location.lat",
    longitude: "location.lon",
    source: "source",
    archived_flags: "archive.flags",
    arrived_at: "archive.arrivedAt",
    shard_id: "archive.shardId",
    sequence_number: "archive.sequenceNumber",
  },
  alsoRead: ["archive.observedAt", "archive.shardId", "archive.sequenceNumber"],
};

const ALERTS: TableDefinition = {
  name: "alerts",
  title: "Alerts, one row for each start, escalation, reminder and all-clear",
  rawPrefix: "transitions/",
  key: ["transition"],
  sort: ["location", "occurred_at", "transition"],
  columns: [
    text("transition", "transition.id", "Id of the transition, the same if it is decided again.", false),
    text("location", "location.id", "Location, by its key in the config.", false),
    text("location_name", "location.name", "Display name of the location."),
    degrees("latitude", "location.lat", "North of the equator."),
    degrees("longitude", "location.lon", "East of Greenwich."),
    time("occurred_at", "transition.time", "Time of the observation that changed it.", false),
    time("started_at", "transition.since", "When the alert started."),
    text("hazard", "transition.hazard", "Danger, as the rules name it.", false),
    text("kind", "transition.kind", "`start`, `escalation`, `repeat` or `clear`.", false),
    text(
      "level",
      "transition.level",
      "`yellow`, `orange` or `red`; of an all-clear, the highest announced level.",
      false,
    ),
    text(
      "metric",
      "transition.measure.metric",
      "Field, or value derived from fields, that the rule measures.",
    ),
    text(
      "aggregate",
      "transition.measure.as",
      "`sum`, `max`, `min` or `mean`; unknown of a single observation.",
    ),
    text("duration", "transition.measure.over", "Time that the aggregate covers, e.g. `24h`."),
    text(
      "unit",
      "transition.measure.unit",
      "Unit of `value` and `threshold`, where it is not the metric's own.",
    ),
    figure("value", "transition.value", "Observed value, in the rule's unit."),
    figure("threshold", "transition.threshold", "Threshold that it is compared with, in the rule's unit."),
    text("below", "transition.below", "`true` where the level is reached below the threshold."),
    text("scale", "transition.scale", "Whose levels these are, e.g. `INMET`."),
  ],
  view: {
    transition: "transition.id",
    location_id: "location.id",
    location_name: "location.name",
    latitude: "location.lat",
    longitude: "location.lon",
    occurred_at: "transition.time",
    started_at: "transition.since",
    hazard: "transition.hazard",
    kind: "transition.kind",
    level: "transition.level",
    metric: "transition.measure.metric",
    aggregate: "transition.measure.as",
    duration: "transition.measure.over",
    unit: "transition.measure.unit",
    value: "transition.value",
    threshold: "transition.threshold",
    below: "transition.below",
    scale: "transition.scale",
  },
  alsoRead: [],
};

/** The tables of gold. */
export const TABLES: readonly TableDefinition[] = [OBSERVATIONS, ALERTS];

/** Throws when there is no table of that name. */
export function tableNamed(name: string): TableDefinition {
  const table = TABLES.find((candidate) => candidate.name === name);
  if (table !== undefined) return table;
  throw new RangeError(`table "${name}" is not known; allowed: ${TABLES.map(({ name }) => name).join(", ")}`);
}

function text(name: string, source: string, description: string, nullable = true): TableColumn {
  return { name, type: "string", nullable, source, description };
}

function figure(name: string, source: string, description: string): TableColumn {
  return { name, type: "double", nullable: true, source, description };
}

function degrees(name: string, source: string, description: string): TableColumn {
  return { name, type: "double", unit: "°", nullable: true, source, description };
}

function time(name: string, source: string, description: string, nullable = true): TableColumn {
  return { name, type: "timestamp", unit: "UTC", nullable, source, description };
}
