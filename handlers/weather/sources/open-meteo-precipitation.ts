/** What Open-Meteo says of one interval; null is unknown. */
export interface Precipitation {
  /** Water of rain, showers and snow, mm. */
  readonly total: number | null;
  /** Rain of large weather systems, mm. */
  readonly rain: number | null;
  /** Convective rain, mm; a model without it has 0 and counts it as rain. */
  readonly showers: number | null;
  /** Depth of fresh snow, cm. */
  readonly snowfall: number | null;
}

/** Water in snow: 7 cm of snowfall are 10 mm. https://open-meteo.com/en/docs */
const WATER_MM_PER_SNOW_CM = 10 / 7;

/** Models store each amount in steps of 0.1 mm, so a total and its three parts are at most this far apart, mm. */
const ROUNDING_MM = 0.2;

/**
 * Rain and snow water of an interval, in mm, out of four amounts of which each is known to be wrong at times: rain and
 * showers of 0 in heavy rain (https://github.com/open-meteo/open-meteo/issues/935), showers without a total (347), a part
 * that is null (1781), -3276.8 mm (330).
 *
 * The rule: rain is the larger of what the parts say (rain and showers) and what the total leaves for it (the total less
 * the snow water), and a 0 needs the total.
 * - A negative amount is unknown.
 * - A total below its own snow water is contradicted by it, and is unknown.
 * - Without a total, both parts must be known and above 0 together; otherwise rain is unknown.
 * - With a total, an unknown part adds nothing. If the snow is unknown, the water that no part explains counts as rain.
 * - Snow is what `snowfall` says; its 0 needs a total that rain and showers explain.
 */
export function reconcilePrecipitation(amounts: Precipitation): {
  readonly rain: number | null;
  readonly snow: number | null;
} {
  const rain = known(amounts.rain);
  const showers = known(amounts.showers);
  const depth = known(amounts.snowfall);
  const snow = depth === null ? null : depth * WATER_MM_PER_SNOW_CM;
  const stated = known(amounts.total);
  const total = stated !== null && exceeds(snow ?? 0, stated) ? null : stated;
  const parts = (rain ?? 0) + (showers ?? 0);
  if (total === null) {
    const isEnough = rain !== null && showers !== null && parts > 0;
    return { rain: isEnough ? parts : null, snow: snow === 0 ? null : snow };
  }
  return {
    rain: Math.max(parts, total - (snow ?? 0), 0),
    snow: snow === 0 && exceeds(total, parts) ? null : snow,
  };
}

function known(amount: number | null): number | null {
  return amount !== null && amount >= 0 ? amount : null;
}

/** By more than rounding, and than the noise of binary fractions. */
function exceeds(amount: number, other: number): boolean {
  return Math.round((amount - other) * 1000) > ROUNDING_MM * 1000;
}
