import { etagsOf, type LeftOut, type Marker } from "./marker.ts";
import type { ListedObject, StaleDay } from "./plan.ts";

/** Why a day is to be rebuilt, for people; at least one reason, unless it is up to date. */
export function staleReasons(
  marker: Marker | undefined,
  objects: readonly ListedObject[],
  transformation: string,
): string[] {
  if (marker === undefined) return [`new: ${count(objects.length, "raw object")}`];
  const known = etagsOf(marker);
  const present = new Set(objects.map(({ key }) => key));
  const added = objects.filter(({ key }) => !known.has(key)).length;
  const changed = objects.filter(({ key, etag }) => ![undefined, etag].includes(known.get(key))).length;
  const gone = marker.raw.filter((key) => !present.has(key)).length; // all left out, else the day were frozen
  return [
    ...unfinishedReason(marker),
    ...(added + changed > 0 ? [`raw changed: ${count(added, "object")} new, ${changed} changed`] : []),
    ...(gone > 0 ? [`${count(gone, "object")} gone that had been left out`] : []),
    ...(marker.transformation === transformation ? [] : ["transformation changed"]),
  ];
}

/** @param gone number of raw objects that gold has and that are there no more */
export function frozenReasons(marker: Marker, gone: number): string[] {
  return [`${gone} of ${count(marker.raw.length, "raw object")} gone`, ...unfinishedReason(marker)];
}

/**
 * Why a stale day is frozen after all, now that its objects were read: gold has rows of an object whose bytes are others by
 * now and cannot be read. Undefined: it is not.
 */
export function brokenReasons(
  { marker, objects }: Pick<StaleDay, "marker" | "objects">,
  flaws: readonly LeftOut[],
): string[] | undefined {
  if (marker === undefined) return undefined;
  const known = etagsOf(marker);
  const current = new Map(objects.map(({ key, etag }) => [key, etag]));
  const broken = flaws.filter(
    ({ key }) =>
      marker.leftOut?.[key] === undefined && ![undefined, current.get(key)].includes(known.get(key)),
  );
  if (broken.length === 0) return undefined;
  return [
    `${broken.length} of ${count(objects.length, "raw object")} broken since`,
    ...unfinishedReason(marker),
  ];
}

function unfinishedReason({ unfinished }: Marker): string[] {
  return unfinished === true ? ["unfinished: an earlier run ended while it replaced the day"] : [];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
