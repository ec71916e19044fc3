-- title: Records of each place
-- question: What are the extremes of each place, and when were they observed?
-- columns: location, record, value, unit, observed_at UTC
-- parameters: location = %, from = last-365d, to = last
-- cost: eight columns of the days asked for
-- Of equal extremes the first is named.
WITH told AS (
  SELECT location, observed_at, temperature, temperature_apparent, humidity, pressure_surface_level, rain_intensity, wind_speed, wind_gust
  FROM observations
  WHERE location LIKE ? AND day BETWEEN ? AND ?
),
candidates AS (
  SELECT location, observed_at, 'highest temperature' AS record, temperature AS value, temperature AS rank, '°C' AS unit FROM told
  UNION ALL
  SELECT location, observed_at, 'lowest temperature', temperature, -temperature, '°C' FROM told
  UNION ALL
  SELECT location, observed_at, 'lowest humidity', humidity, -humidity, '%' FROM told
  UNION ALL
  SELECT location, observed_at, 'highest pressure', pressure_surface_level, pressure_surface_level, 'hPa' FROM told
  UNION ALL
  SELECT location, observed_at, 'lowest pressure', pressure_surface_level, -pressure_surface_level, 'hPa' FROM told
  UNION ALL
  SELECT location, observed_at, 'heaviest rain', rain_intensity, rain_intensity, 'mm/h' FROM told WHERE rain_intensity > 0
  UNION ALL
  SELECT location, observed_at, 'strongest wind', wind_speed, wind_speed, 'm/s' FROM told
  UNION ALL
  SELECT location, observed_at, 'strongest gust', wind_gust, wind_gust, 'm/s' FROM told
),
ranked AS (
  SELECT
    location, record, value, unit, observed_at,
    ROW_NUMBER() OVER (PARTITION BY location, record ORDER BY rank DESC, observed_at) AS position
  FROM candidates
  WHERE value IS NOT NULL
)
SELECT location, record, value, unit, observed_at
FROM ranked
WHERE position = 1
ORDER BY location, record
