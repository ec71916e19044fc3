-- title: Return levels
-- question: How often is each threshold reached, and how many years lie between two such events?
-- columns: location, threshold, hours_beyond h, events, events_per_year, return_period years, chance_in_a_year %, years_known years,
--   basis
-- parameters: location = %, from = last-365d, to = last,
--   metric = rain_24h (rain_1h|rain_3h|rain_24h|temperature|temperature_apparent|humidity|snow_intensity|wind_speed|wind_gust|pressure_sea_level|visibility),
--   side = above (above|below), from = last-365d, to = last, thresholds = 20/50/80/100/150 (-100..2000.99),
--   separate_hours = 24 (0..8766)
-- cost: location, time and the metric of the days between from and to and of two before them
-- thresholds are in the metric's unit (mm of a rain sum), separated by slashes: up to a hundred, rounded to a hundredth.
-- Method: peaks over threshold. Readings at or beyond a threshold are one event until separate_hours pass without one, so
-- that events hardly depend on each other. Their rate is events over years_known: the time that readings cover, each since
-- the location's previous one, for one hour at most and for no time at a location's first one; gaps make it shorter, not the
-- weather calmer. The return period is one over the rate, the chance of at least one event in a year that of a Poisson process.
-- Nothing is extrapolated. A rate per year needs every season once: there is none below 80 % of a year of known readings (the
-- completeness that WMO-No. 1203 asks of a climate normal) or without readings in each of the 12 calendar months. A threshold
-- that was never reached has no return period and no chance: that is not a chance of zero. The standard error of a rate is one
-- over the square root of its events, so that below 10 events it is a third of the rate or more. basis says which applies.
WITH timed AS (
  SELECT
    location, day, observed_at, rain_intensity,
    temperature, temperature_apparent, humidity, snow_intensity, wind_speed, wind_gust, pressure_sea_level, visibility,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 0)) AS seconds
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '2' DAY, '%Y-%m-%d') AND ?
),
raining AS (
  SELECT location, day, observed_at, seconds, rain_intensity, date_add('second', -seconds, observed_at) AS began_at
  FROM timed
  WHERE rain_intensity IS NOT NULL AND seconds > 0
),
-- A window (t - n hours, t]: one second less than n hours, because times are whole seconds and RANGE includes its edge.
framed AS (
  SELECT
    location, day, observed_at, seconds,
    SUM(rain_intensity * seconds / 3600E0) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '3599' SECOND PRECEDING AND CURRENT ROW) AS rain_1h,
    FIRST_VALUE(rain_intensity) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '3599' SECOND PRECEDING AND CURRENT ROW) AS first_1h,
    FIRST_VALUE(began_at) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '3599' SECOND PRECEDING AND CURRENT ROW) AS began_1h,
    SUM(rain_intensity * seconds / 3600E0) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS rain_3h,
    FIRST_VALUE(rain_intensity) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS first_3h,
    FIRST_VALUE(began_at) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '10799' SECOND PRECEDING AND CURRENT ROW) AS began_3h,
    SUM(rain_intensity * seconds / 3600E0) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS rain_24h,
    FIRST_VALUE(rain_intensity) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS first_24h,
    FIRST_VALUE(began_at) OVER (PARTITION BY location ORDER BY observed_at RANGE BETWEEN INTERVAL '86399' SECOND PRECEDING AND CURRENT ROW) AS began_24h
  FROM raining
),
-- The first reading of a window can begin before it: that part does not count.
rain AS (
  SELECT
    location, day, observed_at, seconds,
    ROUND(rain_1h - first_1h * GREATEST(date_diff('second', began_1h, observed_at) - 3600, 0) / 3600E0, 6) AS rain_1h,
    ROUND(rain_3h - first_3h * GREATEST(date_diff('second', began_3h, observed_at) - 10800, 0) / 3600E0, 6) AS rain_3h,
    ROUND(rain_24h - first_24h * GREATEST(date_diff('second', began_24h, observed_at) - 86400, 0) / 3600E0, 6) AS rain_24h
  FROM framed
),
-- The chosen metric leaves one branch, so Trino reads no other metric.
measured AS (
  SELECT location, day, observed_at, seconds, 'rain_1h' AS metric, rain_1h AS value FROM rain
  UNION ALL
  SELECT location, day, observed_at, seconds, 'rain_3h', rain_3h FROM rain
  UNION ALL
  SELECT location, day, observed_at, seconds, 'rain_24h', rain_24h FROM rain
  UNION ALL
  SELECT location, day, observed_at, seconds, 'temperature', temperature FROM timed
  UNION ALL
  SELECT location, day, observed_at, seconds, 'temperature_apparent', temperature_apparent FROM timed
  UNION ALL
  SELECT location, day, observed_at, seconds, 'humidity', humidity FROM timed
  UNION ALL
  SELECT location, day, observed_at, seconds, 'snow_intensity', snow_intensity FROM timed
  UNION ALL
  SELECT location, day, observed_at, seconds, 'wind_speed', wind_speed FROM timed
  UNION ALL
  SELECT location, day, observed_at, seconds, 'wind_gust', wind_gust FROM timed
  UNION ALL
  SELECT location, day, observed_at, seconds, 'pressure_sea_level', pressure_sea_level FROM timed
  UNION ALL
  SELECT location, day, observed_at, seconds, 'visibility', visibility FROM timed
),
known AS (
  SELECT location, SUBSTR(day, 6, 2) AS calendar_month, observed_at, seconds, value, sign
  FROM measured
  CROSS JOIN (VALUES ('above', 1E0), ('below', -1E0)) AS sides (side, sign)
  WHERE metric = ? AND side = ? AND day BETWEEN ? AND ? AND value IS NOT NULL
),
-- A WHERE chooses from the possible thresholds, in hundredths. There are two sequences, because Trino's has at most 10,000 numbers.
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
    known.location, levels.threshold, known.calendar_month, known.observed_at, known.seconds,
    CASE WHEN known.value * known.sign >= levels.threshold * known.sign THEN 1 ELSE 0 END AS is_beyond
  FROM known
  CROSS JOIN levels
),
followed AS (
  SELECT
    location, threshold, calendar_month, observed_at, seconds, is_beyond,
    MAX(CASE WHEN is_beyond = 1 THEN observed_at END) OVER (
      PARTITION BY location, threshold ORDER BY observed_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous_at
  FROM judged
),
-- A WHERE chooses the flag, because Athena accepts parameters nowhere else.
marked AS (
  SELECT location, threshold, calendar_month, seconds, is_beyond, is_event
  FROM followed
  CROSS JOIN (VALUES (0), (1)) AS flags (is_event)
  WHERE is_event = CASE WHEN is_beyond = 0 OR date_diff('second', previous_at, observed_at) < 3600 * ? THEN 0 ELSE 1 END
),
-- 8766 hours are a year of 365.25 days.
counted AS (
  SELECT
    location, threshold,
    SUM(seconds) / 3600E0 / 8766E0 AS years,
    SUM(is_beyond * seconds) / 3600E0 AS hours_beyond,
    SUM(is_event) AS events,
    COUNT(DISTINCT calendar_month) AS calendar_months
  FROM marked
  GROUP BY location, threshold
),
rates AS (
  SELECT
    location, threshold, years, hours_beyond, events, calendar_months,
    CASE WHEN years >= 0.8E0 AND calendar_months = 12 THEN events / years END AS events_per_year
  FROM counted
)
SELECT
  location, threshold,
  ROUND(ROUND(hours_beyond, 6), 1) AS hours_beyond,
  events,
  ROUND(ROUND(events_per_year, 6), 1) AS events_per_year,
  ROUND(ROUND(1E0 / NULLIF(events_per_year, 0E0), 9), 3) AS return_period,
  ROUND(ROUND(100E0 * (1E0 - EXP(-NULLIF(events_per_year, 0E0))), 6), 1) AS chance_in_a_year,
  ROUND(ROUND(years, 9), 3) AS years_known,
  CASE
    WHEN years < 0.8E0 THEN 'no rate: less than 80 % of a year is known'
    WHEN calendar_months < 12 THEN 'no rate: readings in ' || CAST(calendar_months AS VARCHAR) || ' of 12 calendar months'
    WHEN events = 0 THEN 'not reached in the years known'
    WHEN events < 10 THEN 'rough: fewer than 10 events'
    ELSE '10 events or more'
  END AS basis
FROM rates
ORDER BY location, threshold
