-- title: Latest observation of every location
-- question: What is the weather now, and how old is the observation?
-- columns: location, location_name, observed_at UTC, temperature °C, humidity %, wind_speed m/s, wind_gust m/s,
--   rain_intensity mm/h, delay_minutes min
-- parameters: location = %, from = last-30d, to = last
-- cost: nine columns of the days between from and to; a location without observations is not listed
WITH ranked AS (
  SELECT
    location, location_name, observed_at, temperature, humidity, wind_speed, wind_gust, rain_intensity,
    date_diff('minute', observed_at, arrived_at) AS delay_minutes,
    ROW_NUMBER() OVER (PARTITION BY location ORDER BY observed_at DESC) AS recency
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ?
)
SELECT location, location_name, observed_at, temperature, humidity, wind_speed, wind_gust, rain_intensity, delay_minutes
FROM ranked
WHERE recency = 1
ORDER BY location
