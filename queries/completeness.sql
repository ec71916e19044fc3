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
span AS (
  SELECT location, MIN(day) AS first_day, MAX(day) AS last_day
  FROM observed
  GROUP BY location
),
calendar AS (
  SELECT span.location, CAST(days.day AS DATE) AS day
  FROM span
  CROSS JOIN UNNEST(sequence(span.first_day, span.last_day, INTERVAL '1' DAY)) AS days (day)
)
SELECT
  calendar.location, calendar.day,
  COALESCE(observed.hours, 0) AS hours_observed,
  24 - COALESCE(observed.hours, 0) AS hours_missing
FROM calendar
LEFT JOIN observed ON observed.location = calendar.location AND observed.day = calendar.day
ORDER BY calendar.location, calendar.day
