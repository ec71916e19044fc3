-- title: Hours of strong wind
-- question: How many hours of each month had gusts of at least a given speed?
-- columns: location, month UTC, windy_hours h, observed_hours h, share %
-- parameters: location = %, from = last-365d, to = last, gust_at_least = 11.1 (0..200)
-- cost: three columns of the days between from and to
-- An hour is a clock hour in UTC; one without a known gust is not counted as calm.
WITH hourly AS (
  SELECT location, date_trunc('hour', observed_at) AS hour, MAX(wind_gust) AS gust
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ? AND wind_gust IS NOT NULL
  GROUP BY location, date_trunc('hour', observed_at)
),
-- A WHERE chooses the flag, because Athena accepts parameters nowhere else.
judged AS (
  SELECT location, date_format(hour, '%Y-%m') AS month, is_windy
  FROM hourly
  CROSS JOIN (VALUES (0), (1)) AS flags (is_windy)
  WHERE is_windy = CASE WHEN gust >= ? THEN 1 ELSE 0 END
)
SELECT
  location, month,
  SUM(is_windy) AS windy_hours,
  COUNT(*) AS observed_hours,
  ROUND(ROUND(100E0 * SUM(is_windy) / COUNT(*), 6), 1) AS share
FROM judged
GROUP BY location, month
ORDER BY location, month
