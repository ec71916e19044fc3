-- title: Rain with running sums over 3 and 24 hours
-- question: When did the rain of the last hours become dangerous?
-- columns: location, observed_at UTC, rain mm, rain_3h mm, hours_known_3h h, rain_24h mm, hours_known_24h h
-- parameters: location = %, from = last-30d, to = last, from = last-30d, to = last
-- cost: three columns of the days asked for and of two before them
-- hours_known: how much of the 3 or 24 hours is covered by readings; a sum of fewer hours is a lower bound.
-- An intensity holds since the place's previous observation, for one hour at most; the first that is known, for one hour.
WITH timed AS (
  SELECT
    location, day, observed_at, rain_intensity,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 3600)) / 3600E0 AS hours
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '2' DAY, '%Y-%m-%d') AND ?
),
known AS (
  SELECT location, day, observed_at, rain_intensity * hours AS rain, hours
  FROM timed
  WHERE rain_intensity IS NOT NULL
),
-- A window (t - n hours, t]: one second short of n hours, since times are whole seconds and RANGE includes its edge.
summed AS (
  SELECT
    location, day, observed_at, rain,
    SUM(rain) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS rain_3h,
    SUM(hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS hours_3h,
    SUM(rain) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS rain_24h,
    SUM(hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS hours_24h
  FROM known
)
SELECT
  location, observed_at,
  ROUND(ROUND(rain, 6), 1) AS rain,
  ROUND(ROUND(rain_3h, 6), 1) AS rain_3h,
  ROUND(ROUND(hours_3h, 6), 1) AS hours_known_3h,
  ROUND(ROUND(rain_24h, 6), 1) AS rain_24h,
  ROUND(ROUND(hours_24h, 6), 1) AS hours_known_24h
FROM summed
WHERE day BETWEEN ? AND ?
ORDER BY location, observed_at
