-- title: Records of each location
-- question: What are the extremes of each location, and when were they observed?
-- columns: location, record, value, unit, observed_at UTC
-- parameters: location = %, from = last-365d, to = last
-- cost: eight columns of the days between from and to
-- Of several equal extremes the first is shown.
WITH candidates AS (
  SELECT
    observations.location, observations.observed_at, kinds.record, kinds.unit, kinds.sign,
    CASE kinds.record
      WHEN 'highest temperature' THEN temperature
      WHEN 'lowest temperature' THEN temperature
      WHEN 'lowest humidity' THEN humidity
      WHEN 'highest pressure' THEN pressure_surface_level
      WHEN 'lowest pressure' THEN pressure_surface_level
      WHEN 'heaviest rain' THEN CASE WHEN rain_intensity > 0 THEN rain_intensity END
      WHEN 'strongest wind' THEN wind_speed
      WHEN 'strongest gust' THEN wind_gust
    END AS value
  FROM observations
  CROSS JOIN (
    VALUES
      ('highest temperature', '°C', 1), ('lowest temperature', '°C', -1), ('lowest humidity', '%', -1),
      ('highest pressure', 'hPa', 1), ('lowest pressure', 'hPa', -1), ('heaviest rain', 'mm/h', 1),
      ('strongest wind', 'm/s', 1), ('strongest gust', 'm/s', 1)
  ) AS kinds (record, unit, sign)
  WHERE ? IN (observations.location, '%') AND observations.day BETWEEN ? AND ?
),
ranked AS (
  SELECT
    location, record, value, unit, observed_at,
    ROW_NUMBER() OVER (PARTITION BY location, record ORDER BY value * sign DESC, observed_at) AS position
  FROM candidates
  WHERE value IS NOT NULL
)
SELECT location, record, value, unit, observed_at
FROM ranked
WHERE position = 1
ORDER BY location, record
