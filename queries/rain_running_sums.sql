-- title: Rain with running sums over 3 and 24 hours
-- question: When did the rain of the last hours become dangerous?
-- columns: location, observed_at UTC, rain mm, rain_3h mm, hours_known_3h h, rain_24h mm, hours_known_24h h
-- parameters: location = %, from = last-30d, to = last, from = last-30d, to = last
-- cost: three columns of the days between from and to and of two before them
-- hours_known: how much of the 3 or 24 hours is covered by readings; a sum of fewer hours is a lower bound, one of none unknown.
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
    location, day, observed_at, rain_intensity, CASE WHEN seconds > 0 THEN rain_intensity * seconds / 3600E0 END AS rain, seconds,
    date_add('second', -seconds, observed_at) AS began_at
  FROM timed
  WHERE rain_intensity IS NOT NULL
),
-- A window (t - n hours, t]: one second less than n hours, because times are whole seconds and RANGE includes its edge.
framed AS (
  SELECT
    location, day, observed_at, rain,
    SUM(rain) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS rain_3h,
    SUM(seconds) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS seconds_3h,
    FIRST_VALUE(rain_intensity) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS first_3h,
    FIRST_VALUE(began_at) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS began_3h,
    SUM(rain) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS rain_24h,
    SUM(seconds) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS seconds_24h,
    FIRST_VALUE(rain_intensity) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS first_24h,
    FIRST_VALUE(began_at) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS began_24h
  FROM known
),
-- The first reading of a window can begin before it: that part does not count.
clipped AS (
  SELECT
    location, day, observed_at, rain, rain_3h, seconds_3h, first_3h, rain_24h, seconds_24h, first_24h,
    GREATEST(date_diff('second', began_3h, observed_at) - 10800, 0) AS outside_3h,
    GREATEST(date_diff('second', began_24h, observed_at) - 86400, 0) AS outside_24h
  FROM framed
)
SELECT
  location, observed_at,
  ROUND(ROUND(rain, 6), 1) AS rain,
  ROUND(ROUND(rain_3h - first_3h * outside_3h / 3600E0, 6), 1) + 0E0 AS rain_3h,
  ROUND(ROUND((seconds_3h - outside_3h) / 3600E0, 6), 1) AS hours_known_3h,
  ROUND(ROUND(rain_24h - first_24h * outside_24h / 3600E0, 6), 1) + 0E0 AS rain_24h,
  ROUND(ROUND((seconds_24h - outside_24h) / 3600E0, 6), 1) AS hours_known_24h
FROM clipped
WHERE day BETWEEN ? AND ?
ORDER BY location, observed_at
