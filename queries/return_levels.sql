-- title: Return levels
-- question: How often is each threshold reached, and how many years lie between two such events?
-- columns: location, threshold, hours_beyond h, events, events_per_year, return_period years, chance_in_a_year %, years_known years
-- parameters: location = %, from = last-365d, to = last,
--   metric = rain_24h (rain_1h|rain_3h|rain_24h|temperature|temperature_apparent|humidity|snow_intensity|wind_speed|wind_gust|pressure_sea_level|visibility),
--   side = above (above|below), from = last-365d, to = last, thresholds = 20/50/80/100/150, separate_hours = 24
-- cost: location, time and the metric of the days asked for and of two before them
-- thresholds are in the metric's unit (mm of a rain sum), separated by slashes. Metrics that are not listed give no rows.
-- Method: peaks over threshold. Readings at or beyond a threshold are one event until separate_hours pass without one, so
-- that events hardly depend on each other. Their rate is events over years_known: the time that readings cover, each since
-- the place's previous one, for one hour at most; gaps make it shorter, not the weather calmer. The return period is one over
-- the rate, the chance of at least one event in a year that of a Poisson process. Nothing is extrapolated: a threshold
-- that was never reached has no period, and one of few events, or longer than years_known, is a rough guess.
WITH timed AS (
  SELECT
    location, day, observed_at, rain_intensity,
    temperature, temperature_apparent, humidity, snow_intensity, wind_speed, wind_gust, pressure_sea_level, visibility,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 3600)) / 3600E0 AS hours
  FROM observations
  WHERE location LIKE ? AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '2' DAY, '%Y-%m-%d') AND ?
),
told AS (
  SELECT
    location, day, observed_at, hours,
    CASE ?
      WHEN 'rain_1h' THEN ROUND(CASE WHEN rain_intensity IS NOT NULL THEN SUM(rain_intensity * hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '3599' SECOND PRECEDING AND CURRENT ROW) END, 6)
      WHEN 'rain_3h' THEN ROUND(CASE WHEN rain_intensity IS NOT NULL THEN SUM(rain_intensity * hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) END, 6)
      WHEN 'rain_24h' THEN ROUND(CASE WHEN rain_intensity IS NOT NULL THEN SUM(rain_intensity * hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) END, 6)
      WHEN 'temperature' THEN temperature
      WHEN 'temperature_apparent' THEN temperature_apparent
      WHEN 'humidity' THEN humidity
      WHEN 'snow_intensity' THEN snow_intensity
      WHEN 'wind_speed' THEN wind_speed
      WHEN 'wind_gust' THEN wind_gust
      WHEN 'pressure_sea_level' THEN pressure_sea_level
      WHEN 'visibility' THEN visibility
    END AS value,
    CASE ? WHEN 'above' THEN 1E0 WHEN 'below' THEN -1E0 END AS sign
  FROM timed
),
known AS (
  SELECT location, observed_at, hours, value, sign
  FROM told
  WHERE day BETWEEN ? AND ? AND value IS NOT NULL AND sign IS NOT NULL
),
levels AS (
  SELECT DISTINCT TRY_CAST(TRIM(asked.level) AS DOUBLE) AS threshold
  FROM UNNEST(split(?, '/')) AS asked (level)
),
judged AS (
  SELECT
    known.location, levels.threshold, known.observed_at, known.hours,
    CASE WHEN known.value * known.sign >= levels.threshold * known.sign THEN 1 ELSE 0 END AS is_beyond
  FROM known
  CROSS JOIN levels
  WHERE levels.threshold IS NOT NULL
),
followed AS (
  SELECT
    location, threshold, observed_at, hours, is_beyond,
    MAX(CASE WHEN is_beyond = 1 THEN observed_at END) OVER (
      PARTITION BY location, threshold ORDER BY observed_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous_at
  FROM judged
),
-- 8766 hours are a year of 365.25 days.
rates AS (
  SELECT
    location, threshold,
    SUM(hours) / 8766E0 AS years,
    SUM(is_beyond * hours) AS hours_beyond,
    SUM(CASE WHEN is_beyond = 0 OR date_diff('second', previous_at, observed_at) < 3600 * ? THEN 0 ELSE 1 END) AS events
  FROM followed
  GROUP BY location, threshold
)
SELECT
  location, threshold,
  ROUND(ROUND(hours_beyond, 6), 1) AS hours_beyond,
  events,
  ROUND(ROUND(events / years, 6), 1) AS events_per_year,
  ROUND(ROUND(years / NULLIF(events, 0), 9), 3) AS return_period,
  ROUND(ROUND(100E0 * (1E0 - EXP(-events / years)), 6), 1) AS chance_in_a_year,
  ROUND(ROUND(years, 9), 3) AS years_known
FROM rates
WHERE years > 0
ORDER BY location, threshold
