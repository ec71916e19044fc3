-- title: Worst 24 hours of rain in every month
-- question: How much rain fell in the wettest 24 hours of each month, and when did they end?
-- columns: location, month UTC, rain_24h mm, hours_known h, ended_at UTC
-- parameters: location = %, from = last-365d, to = last, from = last-365d, to = last
-- cost: three columns of the days asked for and of two before them
-- hours_known: how much of the 24 hours is covered by readings; a sum of fewer hours is a lower bound.
-- An intensity holds since the place's previous observation, for one hour at most; the first that is known, for one hour.
WITH timed AS (
  SELECT
    location, day, observed_at, rain_intensity,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 3600)) / 3600E0 AS hours
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '2' DAY, '%Y-%m-%d') AND ?
),
-- A window (t - 24 hours, t]: one second short of them, since times are whole seconds and RANGE includes its edge.
summed AS (
  SELECT
    location, day, observed_at,
    SUM(rain_intensity * hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS rain_24h,
    SUM(hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS hours_known
  FROM timed
  WHERE rain_intensity IS NOT NULL
),
ranked AS (
  SELECT
    location, observed_at, SUBSTR(day, 1, 7) AS month,
    ROUND(ROUND(rain_24h, 6), 1) AS rain_24h,
    ROUND(ROUND(hours_known, 6), 1) AS hours_known,
    ROW_NUMBER() OVER (PARTITION BY location, SUBSTR(day, 1, 7) ORDER BY ROUND(ROUND(rain_24h, 6), 1) DESC, observed_at) AS severity
  FROM summed
  WHERE day BETWEEN ? AND ?
)
SELECT location, month, rain_24h, hours_known, observed_at AS ended_at
FROM ranked
WHERE severity = 1
ORDER BY location, month
