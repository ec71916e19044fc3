-- title: This month and a year before
-- question: How does the month of a day compare, up to that day, with the same days a year before?
-- columns: location, month UTC, days_known d, days_known_before d, temperature_mean °C, temperature_mean_change °C,
--   temperature_max °C, temperature_max_change °C, temperature_min °C, temperature_min_change °C, rain_total mm,
--   rain_total_change mm, rain_hours_known h, rain_hours_known_before h, gust_max m/s, gust_max_change m/s
-- parameters: location = %, to = last, to = last, location = %, to = last, to = last
-- cost: six columns of at most two months
-- A change is this year's figure less the one before; unknown where either is. Rain is a sum over the hours known, so
-- compare those too. An intensity holds since the place's previous observation, for one hour at most; a month's first, for
-- one hour.
WITH told AS (
  SELECT 0 AS years_ago, location, day, observed_at, temperature, rain_intensity, wind_gust
  FROM observations
  WHERE location LIKE ? AND day BETWEEN date_format(date_trunc('month', CAST(? AS DATE)), '%Y-%m-%d') AND ?
  UNION ALL
  SELECT 1 AS years_ago, location, day, observed_at, temperature, rain_intensity, wind_gust
  FROM observations
  WHERE location LIKE ?
    AND day BETWEEN date_format(date_trunc('month', CAST(? AS DATE)) - INTERVAL '1' YEAR, '%Y-%m-%d')
      AND date_format(CAST(? AS DATE) - INTERVAL '1' YEAR, '%Y-%m-%d')
),
timed AS (
  SELECT
    years_ago, location, day, temperature, rain_intensity, wind_gust,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 3600)) / 3600E0 AS hours
  FROM told
),
months AS (
  SELECT
    years_ago, location, SUBSTR(MAX(day), 1, 7) AS month,
    COUNT(DISTINCT day) AS days_known,
    AVG(temperature) AS temperature_mean,
    MAX(temperature) AS temperature_max,
    MIN(temperature) AS temperature_min,
    SUM(rain_intensity * hours) AS rain_total,
    SUM(CASE WHEN rain_intensity IS NOT NULL THEN hours ELSE 0E0 END) AS rain_hours_known,
    MAX(wind_gust) AS gust_max
  FROM timed
  GROUP BY years_ago, location
),
this AS (
  SELECT * FROM months WHERE years_ago = 0
),
before AS (
  SELECT * FROM months WHERE years_ago = 1
)
SELECT
  this.location, this.month,
  this.days_known, COALESCE(before.days_known, 0) AS days_known_before,
  ROUND(ROUND(this.temperature_mean, 6), 1) AS temperature_mean,
  ROUND(ROUND(this.temperature_mean - before.temperature_mean, 6), 1) AS temperature_mean_change,
  this.temperature_max,
  ROUND(ROUND(this.temperature_max - before.temperature_max, 6), 1) AS temperature_max_change,
  this.temperature_min,
  ROUND(ROUND(this.temperature_min - before.temperature_min, 6), 1) AS temperature_min_change,
  ROUND(ROUND(this.rain_total, 6), 1) AS rain_total,
  ROUND(ROUND(this.rain_total - before.rain_total, 6), 1) AS rain_total_change,
  ROUND(ROUND(this.rain_hours_known, 6), 1) AS rain_hours_known,
  ROUND(ROUND(COALESCE(before.rain_hours_known, 0E0), 6), 1) AS rain_hours_known_before,
  this.gust_max,
  ROUND(ROUND(this.gust_max - before.gust_max, 6), 1) AS gust_max_change
FROM this
LEFT JOIN before ON before.location = this.location
ORDER BY this.location
