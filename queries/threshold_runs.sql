-- title: Runs over a threshold
-- question: When did a measure stay at or over a threshold, for how long, and how far did it get?
-- columns: location, started_at UTC, ended_at UTC, hours_beyond h, readings, peak, peak_at UTC
-- parameters: metric = rain_intensity (temperature|temperature_apparent|dew_point|humidity|pressure_surface_level|pressure_sea_level|rain_intensity|snow_intensity|wind_speed|wind_gust|visibility|cloud_cover|uv_index),
--   side = above (above|below), location = %, from = last-30d, to = last, threshold = 10, joining_minutes = 90
-- cost: location, time and the metric of the days asked for
-- peak and threshold are in the metric's unit. Readings at or beyond the threshold are one run as long as one follows the
-- other within joining_minutes, whatever was read or missing between them. Of a metric that is not listed there are no runs.
-- A reading stands for the time since the place's previous one, for one hour at most; the first of the days, for one hour.
WITH told AS (
  SELECT
    location, observed_at,
    CASE ?
      WHEN 'temperature' THEN temperature
      WHEN 'temperature_apparent' THEN temperature_apparent
      WHEN 'dew_point' THEN dew_point
      WHEN 'humidity' THEN humidity
      WHEN 'pressure_surface_level' THEN pressure_surface_level
      WHEN 'pressure_sea_level' THEN pressure_sea_level
      WHEN 'rain_intensity' THEN rain_intensity
      WHEN 'snow_intensity' THEN snow_intensity
      WHEN 'wind_speed' THEN wind_speed
      WHEN 'wind_gust' THEN wind_gust
      WHEN 'visibility' THEN visibility
      WHEN 'cloud_cover' THEN cloud_cover
      WHEN 'uv_index' THEN CAST(uv_index AS DOUBLE)
    END AS value,
    CASE ? WHEN 'above' THEN 1E0 WHEN 'below' THEN -1E0 END AS sign,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 3600)) / 3600E0 AS hours
  FROM observations
  WHERE location LIKE ? AND day BETWEEN ? AND ?
),
beyond AS (
  SELECT location, observed_at, value, sign, hours, LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at) AS previous_at
  FROM told
  WHERE value * sign >= CAST(? AS DOUBLE) * sign
),
-- Gaps and islands: the first of a run adds one to the number of all that follow.
numbered AS (
  SELECT
    location, observed_at, value, sign, hours,
    SUM(CASE WHEN date_diff('second', previous_at, observed_at) <= 60 * ? THEN 0 ELSE 1 END)
      OVER (PARTITION BY location ORDER BY observed_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
  FROM beyond
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
