-- title: Completeness by day
-- question: Which hours are missing, of all measures or of one, and how many values were flagged?
-- columns: location, day UTC, hours_observed h, hours_missing h, hours_rain h, hours_gust h, hours_temperature h,
--   hours_humidity h, values_flagged
-- parameters: location = %, from = last-30d, to = last
-- cost: nine columns of the days between from and to
-- Every day from a location's first to its last one is listed, including days without a reading. A flagged value is unknown.
WITH readings AS (
  SELECT
    location, CAST(day AS DATE) AS day, date_trunc('hour', observed_at) AS hour,
    COALESCE(temperature, humidity, rain_intensity, wind_speed, wind_gust, pressure_surface_level) AS anything,
    rain_intensity, wind_gust, temperature, humidity,
    CASE WHEN flags IS NULL THEN 0 ELSE cardinality(split(flags, '; ')) END AS flagged
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ?
),
observed AS (
  SELECT
    location, day,
    COUNT(DISTINCT CASE WHEN anything IS NOT NULL THEN hour END) AS hours,
    COUNT(DISTINCT CASE WHEN rain_intensity IS NOT NULL THEN hour END) AS rain,
    COUNT(DISTINCT CASE WHEN wind_gust IS NOT NULL THEN hour END) AS gust,
    COUNT(DISTINCT CASE WHEN temperature IS NOT NULL THEN hour END) AS temperature,
    COUNT(DISTINCT CASE WHEN humidity IS NOT NULL THEN hour END) AS humidity,
    SUM(flagged) AS flagged
  FROM readings
  GROUP BY location, day
),
-- A day, and the days without a reading that follow it.
listed AS (
  SELECT observed.*, LEAD(day) OVER (PARTITION BY location ORDER BY day) AS next_day
  FROM observed
),
days AS (
  SELECT
    listed.*, CAST(dates.moment AS DATE) AS listed_day,
    CASE WHEN CAST(dates.moment AS DATE) = listed.day THEN 1 ELSE 0 END AS is_observed
  FROM listed
  CROSS JOIN UNNEST(sequence(listed.day, CAST(COALESCE(listed.next_day - INTERVAL '1' DAY, listed.day) AS DATE), INTERVAL '1' DAY)) AS dates (moment)
)
SELECT
  location, listed_day AS day,
  hours * is_observed AS hours_observed,
  24 - hours * is_observed AS hours_missing,
  rain * is_observed AS hours_rain,
  gust * is_observed AS hours_gust,
  temperature * is_observed AS hours_temperature,
  humidity * is_observed AS hours_humidity,
  flagged * is_observed AS values_flagged
FROM days
ORDER BY location, listed_day
