-- title: Fire weather
-- question: For how many hours of each month was it hot, dry and windy at once?
-- columns: location, month UTC, fire_hours h, hours_known h, share %, humidity_min %, first_at UTC
-- parameters: location = %, from = last-365d, to = last, from = last-365d, temperature_at_least = 30, humidity_at_most = 30 (0..110),
--   wind_at_least = 8.3 (0..200)
-- cost: five columns of the days between from and to and of one before them
-- The defaults are the 30-30-30 rule: 30 °C, 30 %, 30 km/h. An hour is known where all three are. A reading stands for the time
-- since the location's previous one, for one hour at most; a location's first one, for no time. The first observation since
-- the day before from counts as a first one, too: it changes a sum only when the location was silent for all of that day.
-- first_at: the month's first reading in fire weather. wind_at_least is the mean wind in m/s.
WITH timed AS (
  SELECT
    location, day, observed_at, temperature, humidity, wind_speed,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 0)) / 3600E0 AS hours
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '1' DAY, '%Y-%m-%d') AND ?
),
-- A WHERE chooses the flag, because Athena accepts parameters nowhere else.
judged AS (
  SELECT location, day, observed_at, humidity, hours, is_fire
  FROM timed
  CROSS JOIN (VALUES (0), (1)) AS flags (is_fire)
  WHERE day >= ? AND temperature IS NOT NULL AND humidity IS NOT NULL AND wind_speed IS NOT NULL
    AND is_fire = CASE WHEN temperature >= ? AND humidity <= ? AND wind_speed >= ? THEN 1 ELSE 0 END
)
SELECT
  location, SUBSTR(day, 1, 7) AS month,
  ROUND(ROUND(SUM(is_fire * hours), 6), 1) AS fire_hours,
  ROUND(ROUND(SUM(hours), 6), 1) AS hours_known,
  ROUND(ROUND(100E0 * SUM(is_fire * hours) / NULLIF(SUM(hours), 0E0), 6), 1) AS share,
  MIN(humidity) AS humidity_min,
  MIN(CASE WHEN is_fire = 1 THEN observed_at END) AS first_at
FROM judged
GROUP BY location, SUBSTR(day, 1, 7)
ORDER BY location, SUBSTR(day, 1, 7)
