-- title: Worst 24 hours of rain in every month
-- question: How much rain fell in the wettest 24 hours of each month, and when did they end?
-- columns: location, month UTC, rain_24h mm, hours_known h, ended_at UTC
-- parameters: location = %, from = last-365d, to = last, from = last-365d, to = last
-- cost: three columns of the days between from and to and of two before them
-- hours_known: how much of the 24 hours is covered by readings; a sum of fewer hours is a lower bound.
-- The sums are those of the alerts: an intensity holds since the location's previous observation, for one hour at most and
-- for no time at a location's first observation. The first observation since two days before from counts as a first one, too:
-- it changes a sum only when the location was silent for the day before it.
WITH timed AS (
  SELECT
    location, day, observed_at, rain_intensity,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 0)) AS seconds
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '2' DAY, '%Y-%m-%d') AND ?
),
known AS (
  SELECT
    location, day, observed_at, rain_intensity, rain_intensity * seconds / 3600E0 AS rain, seconds,
    date_add('second', -seconds, observed_at) AS began_at
  FROM timed
  WHERE rain_intensity IS NOT NULL AND seconds > 0
),
-- A window (t - 24 hours, t]: one second less, because times are whole seconds and RANGE includes its edge.
framed AS (
  SELECT
    location, day, observed_at,
    SUM(rain) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS rain_24h,
    SUM(seconds) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS seconds_24h,
    FIRST_VALUE(rain_intensity) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS first_24h,
    FIRST_VALUE(began_at) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS began_24h
  FROM known
),
-- The first reading of a window can begin before it: that part does not count.
clipped AS (
  SELECT
    location, day, observed_at, rain_24h, seconds_24h, first_24h,
    GREATEST(date_diff('second', began_24h, observed_at) - 86400, 0) AS outside_24h
  FROM framed
),
summed AS (
  SELECT
    location, day, observed_at,
    ROUND(ROUND(rain_24h - first_24h * outside_24h / 3600E0, 6), 1) + 0E0 AS rain_24h,
    ROUND(ROUND((seconds_24h - outside_24h) / 3600E0, 6), 1) AS hours_known
  FROM clipped
),
ranked AS (
  SELECT
    location, observed_at, SUBSTR(day, 1, 7) AS month, rain_24h, hours_known,
    ROW_NUMBER() OVER (PARTITION BY location, SUBSTR(day, 1, 7) ORDER BY rain_24h DESC, observed_at) AS severity
  FROM summed
  WHERE day BETWEEN ? AND ?
)
SELECT location, month, rain_24h, hours_known, observed_at AS ended_at
FROM ranked
WHERE severity = 1
ORDER BY location, month
