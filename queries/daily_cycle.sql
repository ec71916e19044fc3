-- title: Daily cycle
-- question: How do temperature, humidity and wind change over the hours of the local day?
-- columns: location, local_hour h, temperature_mean °C, humidity_mean %, wind_speed_mean m/s, observations
-- parameters: location = %, from = last-30d, to = last, time_zone = America/Sao_Paulo
-- cost: five columns of the days between from and to
WITH told AS (
  SELECT location, observed_at, temperature, humidity, wind_speed
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ?
),
-- A WHERE chooses the hour, because Athena accepts parameters nowhere else.
local AS (
  SELECT location, local_hour, temperature, humidity, wind_speed
  FROM told
  CROSS JOIN (SELECT hour AS local_hour FROM UNNEST(sequence(0, 23)) AS clock (hour)) AS hours
  WHERE local_hour = EXTRACT(HOUR FROM at_timezone(with_timezone(observed_at, 'UTC'), ?))
)
SELECT
  location, local_hour,
  ROUND(ROUND(AVG(temperature), 6), 1) AS temperature_mean,
  ROUND(ROUND(AVG(humidity), 6), 0) AS humidity_mean,
  ROUND(ROUND(AVG(wind_speed), 6), 1) AS wind_speed_mean,
  COUNT(*) AS observations
FROM local
GROUP BY location, local_hour
ORDER BY location, local_hour
