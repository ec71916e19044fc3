-- title: Runs over a threshold
-- question: When did a measure stay at or over a threshold, for how long, and how far did it get?
-- columns: location, started_at UTC, ended_at UTC, hours_beyond h, readings, peak, peak_at UTC
-- parameters: location = %, from = last-30d, to = last,
--   metric = rain_intensity (temperature|temperature_apparent|dew_point|humidity|pressure_surface_level|pressure_sea_level|rain_intensity|snow_intensity|wind_speed|wind_gust|visibility|cloud_cover|uv_index),
--   side = above (above|below), from = last-30d, threshold = 10, joining_minutes = 90 (0..525600)
-- cost: location, time and the metric of the days between from and to and of one before them
-- peak and threshold are in the metric's unit. Readings at or beyond the threshold are one run as long as one follows the
-- other within joining_minutes, whatever was read or missing between them. Of a metric that is not listed there are no runs.
-- A reading stands for the time since the location's previous one, for one hour at most; a location's first one, for no time.
-- The first observation since the day before from counts as a first one, too: it changes a sum only when the location was
-- silent for all of that day.
WITH observed AS (
  SELECT
    location, day, observed_at, temperature, temperature_apparent, dew_point, humidity, pressure_surface_level, pressure_sea_level,
    rain_intensity, snow_intensity, wind_speed, wind_gust, visibility, cloud_cover, uv_index
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '1' DAY, '%Y-%m-%d') AND ?
),
-- The chosen metric leaves one branch, so Trino reads no other metric.
measured AS (
  SELECT location, day, observed_at, 'temperature' AS metric, temperature AS value FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'temperature_apparent', temperature_apparent FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'dew_point', dew_point FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'humidity', humidity FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'pressure_surface_level', pressure_surface_level FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'pressure_sea_level', pressure_sea_level FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'rain_intensity', rain_intensity FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'snow_intensity', snow_intensity FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'wind_speed', wind_speed FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'wind_gust', wind_gust FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'visibility', visibility FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'cloud_cover', cloud_cover FROM observed
  UNION ALL
  SELECT location, day, observed_at, 'uv_index', CAST(uv_index AS DOUBLE) FROM observed
),
told AS (
  SELECT
    location, day, observed_at, value, sign,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 0)) / 3600E0 AS hours
  FROM measured
  CROSS JOIN (VALUES ('above', 1E0), ('below', -1E0)) AS sides (side, sign)
  WHERE metric = ? AND side = ?
),
beyond AS (
  SELECT location, observed_at, value, sign, hours, LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at) AS previous_at
  FROM told
  WHERE day >= ? AND value * sign >= CAST(? AS DOUBLE) * sign
),
-- A WHERE chooses the flag, because Athena accepts parameters nowhere else.
stepped AS (
  SELECT location, observed_at, value, sign, hours, is_first
  FROM beyond
  CROSS JOIN (VALUES (0), (1)) AS flags (is_first)
  WHERE is_first = CASE WHEN date_diff('second', previous_at, observed_at) <= 60 * ? THEN 0 ELSE 1 END
),
-- Gaps and islands: the first reading of a run adds one to the number of all later ones.
numbered AS (
  SELECT
    location, observed_at, value, sign, hours,
    SUM(is_first) OVER (PARTITION BY location ORDER BY observed_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
  FROM stepped
),
ranked AS (
  SELECT
    location, run, observed_at, value, hours,
    ROW_NUMBER() OVER (PARTITION BY location, run ORDER BY value * sign DESC, observed_at) AS severity
  FROM numbered
)
SELECT
  location,
  MIN(observed_at) AS started_at,
  MAX(observed_at) AS ended_at,
  ROUND(ROUND(SUM(hours), 6), 1) AS hours_beyond,
  COUNT(*) AS readings,
  MAX(CASE WHEN severity = 1 THEN value END) AS peak,
  MAX(CASE WHEN severity = 1 THEN observed_at END) AS peak_at
FROM ranked
GROUP BY location, run
ORDER BY location, MIN(observed_at)
