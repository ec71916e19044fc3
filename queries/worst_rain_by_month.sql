-- title: Worst 24 hours of rain in every month
-- question: How much rain fell in the wettest 24 hours of each month, and when did they end?
-- columns: location, month UTC, rain_24h mm, ended_at UTC
-- parameters: location = %, from = last-365d, to = last
-- cost: location, time and rain of every day between from and to; grows with days
WITH timed AS (
  SELECT
    location, observed_at,
    rain_intensity * LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 3600)) / 3600E0 AS rain
  FROM observations
  WHERE location LIKE ? AND day BETWEEN ? AND ? AND rain_intensity IS NOT NULL
),
summed AS (
  SELECT
    location, observed_at,
    SUM(rain) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS rain_24h
  FROM timed
),
ranked AS (
  SELECT
    location, observed_at, rain_24h,
    ROW_NUMBER() OVER (PARTITION BY location, date_trunc('month', observed_at) ORDER BY ROUND(rain_24h, 1) DESC, observed_at) AS severity
  FROM summed
)
SELECT location, date_format(observed_at, '%Y-%m') AS month, ROUND(rain_24h, 1) AS rain_24h, observed_at AS ended_at
FROM ranked
WHERE severity = 1
ORDER BY location, observed_at
