-- title: Daily summary
-- question: How warm, wet and windy was each day?
-- columns: location, day UTC, temperature_min °C, temperature_mean °C, temperature_max °C, humidity_min %, rain_total mm,
--   gust_max m/s, observations
-- parameters: location = %, from = last-30d, to = last
-- cost: location, time and four measures of every day between from and to; grows with days
WITH timed AS (
  SELECT
    location, day, temperature, humidity, wind_gust,
    -- An intensity holds since the previous observation, for one hour at most.
    rain_intensity * LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 3600)) / 3600E0 AS rain
  FROM observations
  WHERE location LIKE ? AND day BETWEEN ? AND ?
)
SELECT
  location, day,
  MIN(temperature) AS temperature_min,
  ROUND(AVG(temperature), 1) AS temperature_mean,
  MAX(temperature) AS temperature_max,
  MIN(humidity) AS humidity_min,
  ROUND(SUM(rain), 1) AS rain_total,
  MAX(wind_gust) AS gust_max,
  COUNT(*) AS observations
FROM timed
GROUP BY location, day
ORDER BY location, day
