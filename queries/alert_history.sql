-- title: Alert history
-- question: Which alerts were there, how long did they last, how high did they get, and what was observed meanwhile?
-- columns: location, hazard, started_at UTC, cleared_at UTC, duration_hours h, peak_level, peak_at UTC, metric, value, threshold,
--   transitions, temperature_max °C, humidity_min %, rain_total mm, rain_hours_known h, gust_max m/s
-- parameters: location = %, from = last-365d, to = last, location = %, from = last-365d, to = last
-- cost: ten columns of alerts and six of observations of the days asked for
-- Alerts of which something was told on these days. One without an all-clear is open: it lasts until the place's last
-- observation. metric, value and threshold are what the rule was about when the highest level was first told, in its unit.
-- What was observed before from is not known to be part of it. An intensity holds since the place's previous observation,
-- for one hour at most.
WITH told AS (
  SELECT
    location, hazard, COALESCE(started_at, occurred_at) AS started_at, occurred_at, kind, level, metric, value, threshold,
    ROW_NUMBER() OVER (
      PARTITION BY location, hazard, COALESCE(started_at, occurred_at)
      ORDER BY
        CASE level WHEN 'red' THEN 3 WHEN 'orange' THEN 2 WHEN 'yellow' THEN 1 ELSE 0 END DESC,
        CASE kind WHEN 'clear' THEN 1 ELSE 0 END,
        occurred_at,
        transition
    ) AS severity
  FROM alerts
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ?
),
episodes AS (
  SELECT
    location, hazard, started_at,
    MAX(CASE WHEN kind = 'clear' THEN occurred_at END) AS cleared_at,
    MAX(CASE WHEN severity = 1 THEN level END) AS peak_level,
    MAX(CASE WHEN severity = 1 THEN occurred_at END) AS peak_at,
    MAX(CASE WHEN severity = 1 THEN metric END) AS metric,
    MAX(CASE WHEN severity = 1 THEN value END) AS value,
    MAX(CASE WHEN severity = 1 THEN threshold END) AS threshold,
    COUNT(*) AS transitions
  FROM told
  GROUP BY location, hazard, started_at
),
observed AS (
  SELECT
    location, observed_at, temperature, humidity, rain_intensity, wind_gust,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 3600)) / 3600E0 AS hours
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ?
)
SELECT
  episodes.location, episodes.hazard, episodes.started_at, episodes.cleared_at,
  ROUND(date_diff('second', episodes.started_at, COALESCE(episodes.cleared_at, MAX(observed.observed_at))) / 3600E0, 1) AS duration_hours,
  episodes.peak_level, episodes.peak_at, episodes.metric, episodes.value, episodes.threshold, episodes.transitions,
  MAX(observed.temperature) AS temperature_max,
  MIN(observed.humidity) AS humidity_min,
  ROUND(ROUND(SUM(observed.rain_intensity * observed.hours), 6), 1) AS rain_total,
  ROUND(ROUND(SUM(CASE WHEN observed.rain_intensity IS NOT NULL THEN observed.hours ELSE 0E0 END), 6), 1) AS rain_hours_known,
  MAX(observed.wind_gust) AS gust_max
FROM episodes
LEFT JOIN observed ON observed.location = episodes.location
  AND observed.observed_at >= episodes.started_at
  AND (episodes.cleared_at IS NULL OR observed.observed_at <= episodes.cleared_at)
GROUP BY
  episodes.location, episodes.hazard, episodes.started_at, episodes.cleared_at,
  episodes.peak_level, episodes.peak_at, episodes.metric, episodes.value, episodes.threshold, episodes.transitions
ORDER BY episodes.location, episodes.started_at, episodes.hazard
