-- title: Strongest gusts
-- question: Which were the ten windiest observations of each location?
-- columns: location, position, wind_gust m/s, wind_gust_kmh km/h, wind_direction °, observed_at UTC
-- parameters: location = %, from = last-365d, to = last
-- cost: four columns of the days between from and to
WITH ranked AS (
  SELECT
    location, wind_gust, wind_direction, observed_at,
    ROW_NUMBER() OVER (PARTITION BY location ORDER BY wind_gust DESC, observed_at) AS position
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ? AND wind_gust IS NOT NULL
)
SELECT location, position, wind_gust, ROUND(ROUND(wind_gust * 3.6E0, 6), 1) AS wind_gust_kmh, wind_direction, observed_at
FROM ranked
WHERE position <= 10
ORDER BY location, position
