-- title: Wind rose
-- question: From where does the wind blow, how often and how strongly?
-- columns: location, sector, share %, wind_speed_mean m/s, gust_max m/s
-- parameters: location = %, from = last-365d, to = last
-- cost: four columns of the days between from and to
-- Sixteen sectors of 22.5°, the first one centred on north. A calm has no direction and no share.
WITH sectors AS (
  SELECT
    location, wind_speed, wind_gust,
    CAST(FLOOR((wind_direction + 11.25E0) / 22.5E0) AS INTEGER) % 16 AS sector
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ? AND wind_direction IS NOT NULL AND wind_speed > 0
)
SELECT
  location,
  element_at(ARRAY['N', 'NNE', 'NE', 'ENE', 'E', 'ESE', 'SE', 'SSE', 'S', 'SSW', 'SW', 'WSW', 'W', 'WNW', 'NW', 'NNW'], sector + 1) AS sector,
  ROUND(ROUND(100E0 * COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY location), 6), 1) AS share,
  ROUND(ROUND(AVG(wind_speed), 6), 1) AS wind_speed_mean,
  MAX(wind_gust) AS gust_max
FROM sectors
GROUP BY location, sector
ORDER BY location, COUNT(*) DESC, sector
