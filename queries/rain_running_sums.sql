-- title: Rain with running sums over 3 and 24 hours
-- question: When did the rain of the last hours become dangerous?
-- columns: location, observed_at UTC, rain mm, rain_3h mm, rain_24h mm, hours_known h
-- parameters: location = %, from = last-30d, to = last
-- cost: location, time and rain of every day between from and to; grows with days
-- hours_known: how much of the 24 hours is covered by readings; the first day asked for starts without its past.
WITH timed AS (
  SELECT
    location, observed_at, rain_intensity,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 3600)) / 3600E0 AS hours
  FROM observations
  WHERE location LIKE ? AND day BETWEEN ? AND ? AND rain_intensity IS NOT NULL
),
-- A window (t - n hours, t]: one second short of n hours, since times are whole seconds and RANGE includes its edge.
summed AS (
  SELECT
    location, observed_at,
    rain_intensity * hours AS rain,
    SUM(rain_intensity * hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS rain_3h,
    SUM(rain_intensity * hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS rain_24h,
    SUM(hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS hours_known
  FROM timed
)
SELECT
  location, observed_at,
  ROUND(rain, 1) AS rain,
  ROUND(rain_3h, 1) AS rain_3h,
  ROUND(rain_24h, 1) AS rain_24h,
  ROUND(hours_known, 1) AS hours_known
FROM summed
ORDER BY location, observed_at
