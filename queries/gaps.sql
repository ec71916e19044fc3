-- title: Gaps
-- question: When did a location send no observation for longer than a number of minutes?
-- columns: location, last_heard_at UTC, heard_again_at UTC, silent_minutes min
-- parameters: location = %, from = last-30d, to = last, longer_than_minutes = 60 (0..525600)
-- cost: eight columns of the days between from and to
WITH heard AS (
  SELECT location, observed_at, LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at) AS previous_at
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ?
    AND COALESCE(temperature, humidity, rain_intensity, wind_speed, wind_gust, pressure_surface_level) IS NOT NULL
)
SELECT location, previous_at AS last_heard_at, observed_at AS heard_again_at, date_diff('minute', previous_at, observed_at) AS silent_minutes
FROM heard
WHERE date_diff('minute', previous_at, observed_at) > ?
ORDER BY location, observed_at
