-- title: Daily summary
-- question: How warm, wet and windy was each local day?
-- columns: location, local_day local, temperature_min °C, temperature_mean °C, temperature_max °C, humidity_min %, rain_total mm,
--   rain_hours_known h, gust_max m/s, observations
-- parameters: location = %, from = last-30d, to = last, time_zone = America/Sao_Paulo, from = last-30d, to = last
-- cost: six columns of the days between from and to, of two before them and of one after
-- from and to are local days. An observation describes the time before it, so one at midnight belongs to the day that ends.
-- An intensity holds since the location's previous observation, for one hour at most and for no time at a location's first
-- observation, as for the alerts. The first observation since two days before from counts as a first one, too: it
-- changes a sum only when the location was silent for the day before it.
WITH timed AS (
  SELECT
    location, temperature, humidity, wind_gust, rain_intensity, observed_at - INTERVAL '1' SECOND AS moment,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 0)) / 3600E0 AS hours
  FROM observations
  -- A local day reaches into the UTC day before or after it; the previous observation can be a day earlier.
  WHERE ? IN (location, '%')
    AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '2' DAY, '%Y-%m-%d')
      AND date_format(CAST(? AS DATE) + INTERVAL '1' DAY, '%Y-%m-%d')
),
-- A local day is that of UTC, the one before or the one after: a WHERE chooses, because Athena accepts parameters nowhere else.
dated AS (
  SELECT
    location, temperature, humidity, wind_gust, rain_intensity, hours,
    date_format(date_add('day', shift, moment), '%Y-%m-%d') AS local_day
  FROM timed
  CROSS JOIN (VALUES (-1), (0), (1)) AS shifts (shift)
  WHERE date_format(date_add('day', shift, moment), '%Y-%m-%d') = date_format(at_timezone(with_timezone(moment, 'UTC'), ?), '%Y-%m-%d')
)
SELECT
  location, local_day,
  MIN(temperature) AS temperature_min,
  ROUND(ROUND(AVG(temperature), 6), 1) AS temperature_mean,
  MAX(temperature) AS temperature_max,
  MIN(humidity) AS humidity_min,
  ROUND(ROUND(SUM(CASE WHEN hours > 0 THEN rain_intensity * hours END), 6), 1) AS rain_total,
  ROUND(ROUND(SUM(CASE WHEN rain_intensity IS NOT NULL THEN hours ELSE 0E0 END), 6), 1) AS rain_hours_known,
  MAX(wind_gust) AS gust_max,
  COUNT(*) AS observations
FROM dated
WHERE local_day BETWEEN ? AND ?
GROUP BY location, local_day
ORDER BY location, local_day
