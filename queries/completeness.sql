-- title: Completeness by day
-- question: Which hours are missing?
-- columns: location, day UTC, hours_observed h, hours_missing h
-- parameters: location = %, from = last-30d, to = last
-- cost: eight columns of the days asked for
-- Every day from a place's first to its last one is listed, also one without a single reading.
WITH observed AS (
  SELECT location, CAST(day AS DATE) AS day, COUNT(DISTINCT date_trunc('hour', observed_at)) AS hours
  FROM observations
  WHERE location LIKE ? AND day BETWEEN ? AND ?
    AND COALESCE(temperature, humidity, rain_intensity, wind_speed, wind_gust, pressure_surface_level) IS NOT NULL
  GROUP BY location, day
),
followed AS (
  SELECT location, day, hours, LEAD(day) OVER (PARTITION BY location ORDER BY day) AS next_day
  FROM observed
)
SELECT
  followed.location, CAST(days.day AS DATE) AS day,
  CASE WHEN CAST(days.day AS DATE) = followed.day THEN followed.hours ELSE 0 END AS hours_observed,
  CASE WHEN CAST(days.day AS DATE) = followed.day THEN 24 - followed.hours ELSE 24 END AS hours_missing
FROM followed
-- A day, and those without a reading after it.
CROSS JOIN UNNEST(sequence(followed.day, CAST(COALESCE(followed.next_day - INTERVAL '1' DAY, followed.day) AS DATE), INTERVAL '1' DAY)) AS days (day)
ORDER BY followed.location, CAST(days.day AS DATE)
