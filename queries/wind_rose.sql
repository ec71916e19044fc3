-- title: Wind rose
-- question: From where does the wind blow, how often and how hard?
-- columns: location, sector, share %, wind_speed_mean m/s, gust_max m/s
-- parameters: location = %, from = last-365d, to = last
-- cost: location and three measures of every day between from and to; grows with days
WITH sectors AS (
  SELECT
    location, wind_speed, wind_gust,
    -- Eight sectors of 45°, the first one centred on north.
    CAST(FLOOR((wind_direction + 22.5E0) / 45E0) AS INTEGER) % 8 AS sector
  FROM observations
  WHERE location LIKE ? AND day BETWEEN ? AND ? AND wind_direction IS NOT NULL AND wind_speed > 0
)
SELECT
  location,
  element_at(ARRAY['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'], sector + 1) AS sector,
  ROUND(100E0 * COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY location), 1) AS share,
  ROUND(AVG(wind_speed), 1) AS wind_speed_mean,
  MAX(wind_gust) AS gust_max
FROM sectors
GROUP BY location, sector
ORDER BY location, COUNT(*) DESC, sector
