-- title: This month and a year before
-- question: How does the month of a day compare, up to that day, with the same days a year before?
-- columns: location, month UTC, days_known d, days_known_before d, temperature_mean °C, temperature_mean_change °C,
--   temperature_max °C, temperature_max_change °C, temperature_min °C, temperature_min_change °C, rain_total mm,
--   rain_total_change mm, rain_hours_known h, rain_hours_known_before h, gust_max m/s, gust_max_change m/s
-- parameters: location = %, to = last, to = last, location = %, to = last, to = last, to = last, to = last
-- cost: five columns of at most two months and of the day before each
-- A change is this year's value minus the earlier one; unknown if either is unknown. Rain is a sum over the known hours, so
-- compare those, too. An intensity holds since the location's previous observation, for one hour at most and for no time at a
-- location's first observation, as for the alerts. The first one since the day before the month a year ago counts as a first one,
-- too: it changes a sum only when the location was silent for all of that day.
WITH told AS (
  SELECT 0 AS years_ago, location, day, observed_at, temperature, rain_intensity, wind_gust
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN date_format(date_trunc('month', CAST(? AS DATE)) - INTERVAL '1' DAY, '%Y-%m-%d') AND ?
  UNION ALL
  SELECT 1 AS years_ago, location, day, observed_at, temperature, rain_intensity, wind_gust
  FROM observations
  WHERE ? IN (location, '%')
    AND day BETWEEN date_format(date_trunc('month', CAST(? AS DATE)) - INTERVAL '1' YEAR - INTERVAL '1' DAY, '%Y-%m-%d')
      AND date_format(CAST(? AS DATE) - INTERVAL '1' YEAR, '%Y-%m-%d')
),
timed AS (
  SELECT
    years_ago, location, day, temperature, rain_intensity, wind_gust,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 0)) / 3600E0 AS hours
  FROM told
),
sides AS (
  SELECT
    location,
    SUBSTR(MAX(CASE WHEN years_ago = 0 THEN day END), 1, 7) AS month,
    COUNT(DISTINCT CASE WHEN years_ago = 0 THEN day END) AS days_known,
    COUNT(DISTINCT CASE WHEN years_ago = 1 THEN day END) AS days_known_before,
    AVG(CASE WHEN years_ago = 0 THEN temperature END) AS temperature_mean,
    AVG(CASE WHEN years_ago = 1 THEN temperature END) AS temperature_mean_before,
    MAX(CASE WHEN years_ago = 0 THEN temperature END) AS temperature_max,
    MAX(CASE WHEN years_ago = 1 THEN temperature END) AS temperature_max_before,
    MIN(CASE WHEN years_ago = 0 THEN temperature END) AS temperature_min,
    MIN(CASE WHEN years_ago = 1 THEN temperature END) AS temperature_min_before,
    SUM(CASE WHEN years_ago = 0 AND hours > 0 THEN rain_intensity * hours END) AS rain_total,
    SUM(CASE WHEN years_ago = 1 AND hours > 0 THEN rain_intensity * hours END) AS rain_total_before,
    SUM(CASE WHEN years_ago = 0 AND rain_intensity IS NOT NULL THEN hours ELSE 0E0 END) AS rain_hours_known,
    SUM(CASE WHEN years_ago = 1 AND rain_intensity IS NOT NULL THEN hours ELSE 0E0 END) AS rain_hours_known_before,
    MAX(CASE WHEN years_ago = 0 THEN wind_gust END) AS gust_max,
    MAX(CASE WHEN years_ago = 1 THEN wind_gust END) AS gust_max_before
  FROM timed
  -- Without the day before each month.
  WHERE SUBSTR(day, 1, 7) = SUBSTR(?, 1, 7) OR SUBSTR(day, 1, 7) = date_format(CAST(? AS DATE) - INTERVAL '1' YEAR, '%Y-%m')
  GROUP BY location
)
SELECT
  location, month, days_known, days_known_before,
  ROUND(ROUND(temperature_mean, 6), 1) AS temperature_mean,
  ROUND(ROUND(temperature_mean - temperature_mean_before, 6), 1) AS temperature_mean_change,
  temperature_max,
  ROUND(ROUND(temperature_max - temperature_max_before, 6), 1) AS temperature_max_change,
  temperature_min,
  ROUND(ROUND(temperature_min - temperature_min_before, 6), 1) AS temperature_min_change,
  ROUND(ROUND(rain_total, 6), 1) AS rain_total,
  ROUND(ROUND(rain_total - rain_total_before, 6), 1) AS rain_total_change,
  ROUND(ROUND(rain_hours_known, 6), 1) AS rain_hours_known,
  ROUND(ROUND(rain_hours_known_before, 6), 1) AS rain_hours_known_before,
  gust_max,
  ROUND(ROUND(gust_max - gust_max_before, 6), 1) AS gust_max_change
FROM sides
WHERE days_known > 0
ORDER BY location
