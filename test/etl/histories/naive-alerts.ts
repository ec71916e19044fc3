import type { ToldAlert } from "./alert-deliveries.ts";
import type { Gold, GoldRow } from "./naive-gold.ts";

/** Gold of what was told, as one would write it without an engine: a map by the transition's name, then days of rows. */
export function naiveAlerts(told: readonly ToldAlert[]): Gold {
  const latest = new Map<string, ToldAlert>();
  for (const alert of told) {
    const { id, time } = alert.transition;
    if (time.slice(0, 10) !== alert.day) continue;
    const known = latest.get(id);
    if (known === undefined || known.rank <= alert.rank) latest.set(id, alert);
  }
  const sorted = [...latest.values()].sort((a, b) => compare(orderOf(a), orderOf(b)));
  const days = Map.groupBy(sorted, ({ day }) => day);
  return new Map(
    [...days].sort(([a], [b]) => compare([a], [b])).map(([day, rows]) => [day, rows.map(rowOf)]),
  );
}

function rowOf({ transition, place }: ToldAlert): GoldRow {
  const { id, time, since, hazard, kind, level, measure, value, threshold, below, scale } = transition;
  return {
    transition: id,
    location: place.id,
    location_name: place.name,
    latitude: place.latitude,
    longitude: place.longitude,
    occurred_at: millisecondsOf(time),
    started_at: millisecondsOf(since),
    hazard,
    kind,
    level,
    metric: measure.metric,
    aggregate: measure.as ?? null,
    duration: measure.over ?? null,
    unit: measure.unit ?? null,
    value,
    threshold,
    below: String(below),
    scale: scale ?? null,
  };
}

function orderOf({ transition, place }: ToldAlert): (string | number)[] {
  return [place.id, millisecondsOf(transition.time), transition.id];
}

/** Of the whole second. */
function millisecondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000) * 1000;
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index] ?? "";
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
