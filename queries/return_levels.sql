-- title: Return levels
-- question: How often is each threshold reached, and how many years lie between two such events?
-- columns: location, threshold, hours_beyond h, events, events_per_year, return_period years, chance_in_a_year %, years_known years
-- parameters: location = %, from = last-365d, to = last,
--   metric = rain_24h (rain_1h|rain_3h|rain_24h|temperature|temperature_apparent|humidity|snow_intensity|wind_speed|wind_gust|pressure_sea_level|visibility),
--   side = above (above|below), from = last-365d, to = last, thresholds = 20/50/80/100/150 (-100..2000.99),
--   separate_hours = 24 (0..8766)
-- cost: location, time and the metric of the days asked for and of two before them
-- thresholds are in the metric's unit (mm of a rain sum), separated by slashes: up to a hundred, rounded to a hundredth.
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
  WHERE ? IN (location, '%') AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '2' DAY, '%Y-%m-%d') AND ?
),
rain AS (
  SELECT
    location, day, observed_at, hours,
    ROUND(SUM(rain_intensity * hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '3599' SECOND PRECEDING AND CURRENT ROW), 6) AS rain_1h,
    ROUND(SUM(rain_intensity * hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW), 6) AS rain_3h,
    ROUND(SUM(rain_intensity * hours) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW), 6) AS rain_24h
  FROM timed
  WHERE rain_intensity IS NOT NULL
),
-- The metric that is chosen leaves one branch, so Trino reads no other metric.
measured AS (
  SELECT location, day, observed_at, hours, 'rain_1h' AS metric, rain_1h AS value FROM rain
  UNION ALL
  SELECT location, day, observed_at, hours, 'rain_3h', rain_3h FROM rain
  UNION ALL
  SELECT location, day, observed_at, hours, 'rain_24h', rain_24h FROM rain
  UNION ALL
  SELECT location, day, observed_at, hours, 'temperature', temperature FROM timed
  UNION ALL
  SELECT location, day, observed_at, hours, 'temperature_apparent', temperature_apparent FROM timed
  UNION ALL
  SELECT location, day, observed_at, hours, 'humidity', humidity FROM timed
  UNION ALL
  SELECT location, day, observed_at, hours, 'snow_intensity', snow_intensity FROM timed
  UNION ALL
  SELECT location, day, observed_at, hours, 'wind_speed', wind_speed FROM timed
  UNION ALL
  SELECT location, day, observed_at, hours, 'wind_gust', wind_gust FROM timed
  UNION ALL
  SELECT location, day, observed_at, hours, 'pressure_sea_level', pressure_sea_level FROM timed
  UNION ALL
  SELECT location, day, observed_at, hours, 'visibility', visibility FROM timed
),
known AS (
  SELECT location, observed_at, hours, value, sign
  FROM measured
  CROSS JOIN (VALUES ('above', 1E0), ('below', -1E0)) AS sides (side, sign)
  WHERE metric = ? AND side = ? AND day BETWEEN ? AND ? AND value IS NOT NULL
),
-- A WHERE chooses from the thresholds there are, in hundredths. Two sequences, for Trino's makes 10,000 numbers at most.
levels AS (
  SELECT DISTINCT hundredths / 100E0 AS threshold
  FROM (
    SELECT 100 * whole + part AS hundredths
    FROM UNNEST(sequence(-100, 2000)) AS wholes (whole)
    CROSS JOIN UNNEST(sequence(0, 99)) AS parts (part)
  ) AS numbers
  CROSS JOIN (SELECT nth FROM UNNEST(sequence(1, 100)) AS places (nth)) AS places
  WHERE hundredths = ROUND(100 * TRY_CAST(TRIM(split_part(?, '/', nth)) AS DOUBLE))
),
judged AS (
  SELECT
    known.location, levels.threshold, known.observed_at, known.hours,
    CASE WHEN known.value * known.sign >= levels.threshold * known.sign THEN 1 ELSE 0 END AS is_beyond
  FROM known
  CROSS JOIN levels
),
followed AS (
  SELECT
    location, threshold, observed_at, hours, is_beyond,
    MAX(CASE WHEN is_beyond = 1 THEN observed_at END) OVER (
      PARTITION BY location, threshold ORDER BY observed_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous_at
  FROM judged
),
-- A WHERE chooses the flag, for Athena takes parameters nowhere else.
marked AS (
  SELECT location, threshold, hours, is_beyond, is_event
  FROM followed
  CROSS JOIN (VALUES (0), (1)) AS flags (is_event)
  WHERE is_event = CASE WHEN is_beyond = 0 OR date_diff('second', previous_at, observed_at) < 3600 * ? THEN 0 ELSE 1 END
),
-- 8766 hours are a year of 365.25 days.
rates AS (
  SELECT
    location, threshold,
    SUM(hours) / 8766E0 AS years,
    SUM(is_beyond * hours) AS hours_beyond,
    SUM(is_event) AS events
  FROM marked
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
