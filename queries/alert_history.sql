-- title: Alert history
-- question: Which alerts were active, how long did they last, what was their highest level, and what was observed meanwhile?
-- columns: location, hazard, started_at UTC, cleared_at UTC, duration_hours h, peak_level, level_at UTC, measure, threshold, peak,
--   peak_at UTC, peak_from, transitions, temperature_max °C, humidity_min %, rain_total mm, rain_hours_known h, gust_max m/s
-- parameters: location = %, from = last-365d, to = last, from = last-365d, location = %, from = last-365d, to = last
-- cost: fourteen columns of alerts of the days between from and to, and ten of observations of those days and of four before them
-- Alerts with a notification on these days. One without an all-clear is open: it lasts until the location's last observation.
-- measure and threshold are those of the notification of the highest level, which came at level_at. peak is the highest value of
-- that measure from start to all-clear (the lowest, where the level is reached below the threshold), in its unit.
-- peak_from says what it rests on. 'observations': it is computed from all of them as the alerts do, so it differs from what was
-- notified only where the observations were late, corrected or flagged since. 'part of the observations': the alert began before
-- from, so that an earlier peak may be missing. 'transitions': the highest value that was notified, and there may have been a
-- higher one between; so it is for measures of other metrics than temperature, humidity, rainIntensity, snowIntensity,
-- windSpeed, windGust, precipitationProbability and visibility, and for alerts without an observation.
-- An intensity holds since the location's previous observation, for one hour at most and for no time at a location's first
-- observation, as for the alerts. What was observed more than four days before from is not read.
WITH notified AS (
  SELECT
    location, hazard, COALESCE(started_at, occurred_at) AS started_at, occurred_at, transition, kind, level,
    metric, aggregate, duration, unit, value, threshold, is_whole,
    metric || COALESCE(' ' || aggregate || ' ' || duration, '') || COALESCE(' in ' || unit, '') AS measure,
    CASE WHEN below = 'true' THEN -1E0 ELSE 1E0 END AS sign,
    ROW_NUMBER() OVER (
      PARTITION BY location, hazard, COALESCE(started_at, occurred_at)
      ORDER BY
        CASE level WHEN 'red' THEN 3 WHEN 'orange' THEN 2 WHEN 'yellow' THEN 1 ELSE 0 END DESC,
        CASE kind WHEN 'clear' THEN 1 ELSE 0 END,
        occurred_at,
        transition
    ) AS severity
  FROM alerts
  -- A WHERE chooses the flag, because Athena accepts parameters nowhere else.
  CROSS JOIN (VALUES (0), (1)) AS flags (is_whole)
  WHERE ? IN (alerts.location, '%') AND alerts.day BETWEEN ? AND ?
    AND is_whole = CASE WHEN date_format(COALESCE(started_at, occurred_at), '%Y-%m-%d') >= ? THEN 1 ELSE 0 END
),
-- Values of the same measure as the highest level's; an all-clear's value is not a peak.
compared AS (
  SELECT
    location, hazard, started_at, occurred_at, kind, level, metric, aggregate, duration, unit, value, threshold, is_whole,
    measure, sign, severity,
    CASE WHEN kind <> 'clear' AND measure = FIRST_VALUE(measure) OVER (PARTITION BY location, hazard, started_at ORDER BY severity) THEN value END AS peak
  FROM notified
),
ranked AS (
  SELECT
    location, hazard, started_at, occurred_at, kind, level, metric, aggregate, duration, unit, threshold, is_whole,
    measure, sign, severity, peak,
    ROW_NUMBER() OVER (PARTITION BY location, hazard, started_at ORDER BY peak * sign DESC NULLS LAST, occurred_at) AS position
  FROM compared
),
episodes AS (
  SELECT
    location, hazard, started_at,
    MAX(CASE WHEN kind = 'clear' THEN occurred_at END) AS cleared_at,
    MAX(CASE WHEN severity = 1 THEN level END) AS peak_level,
    MAX(CASE WHEN severity = 1 THEN occurred_at END) AS level_at,
    MAX(CASE WHEN severity = 1 THEN metric END) AS metric,
    MAX(CASE WHEN severity = 1 THEN aggregate END) AS aggregate,
    MAX(CASE WHEN severity = 1 THEN unit END) AS unit,
    MAX(CASE WHEN severity = 1 THEN measure END) AS measure,
    MAX(CASE WHEN severity = 1 THEN sign END) AS sign,
    MAX(CASE WHEN severity = 1 THEN threshold END) AS threshold,
    -- A single observation is a window of one second.
    COALESCE(MAX(CASE WHEN severity = 1 THEN
      TRY_CAST(SUBSTR(duration, 1, LENGTH(duration) - 1) AS BIGINT)
      * CASE SUBSTR(duration, LENGTH(duration)) WHEN 's' THEN 1 WHEN 'm' THEN 60 WHEN 'h' THEN 3600 WHEN 'd' THEN 86400 END
    END), 1) AS window_seconds,
    MAX(CASE WHEN position = 1 THEN peak END) AS notified_peak,
    MAX(CASE WHEN position = 1 AND peak IS NOT NULL THEN occurred_at END) AS notified_peak_at,
    MAX(is_whole) AS is_whole,
    COUNT(*) AS transitions
  FROM ranked
  GROUP BY location, hazard, started_at
),
observed AS (
  SELECT
    location, observed_at, temperature, humidity, rain_intensity, snow_intensity, wind_speed, wind_gust,
    precipitation_probability, visibility,
    LEAST(3600, COALESCE(date_diff('second', LAG(observed_at) OVER (PARTITION BY location ORDER BY observed_at), observed_at), 0)) AS seconds
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '4' DAY, '%Y-%m-%d') AND ?
),
-- Each alert with its observations and with those that the windows of the first ones reach back to.
paired AS (
  SELECT
    episodes.location, episodes.hazard, episodes.started_at, cleared_at, peak_level, level_at, aggregate, unit, measure, sign,
    threshold, window_seconds, notified_peak, notified_peak_at, is_whole, transitions,
    observed.observed_at, temperature, humidity, rain_intensity, wind_gust, seconds,
    date_diff('second', TIMESTAMP '1970-01-01 00:00:00', observed.observed_at) AS ended_second,
    CASE WHEN observed.observed_at >= episodes.started_at THEN 1 ELSE 0 END AS is_during,
    CASE metric
      WHEN 'temperature' THEN temperature
      WHEN 'humidity' THEN humidity
      WHEN 'rainIntensity' THEN rain_intensity
      WHEN 'snowIntensity' THEN snow_intensity
      WHEN 'windSpeed' THEN wind_speed
      WHEN 'windGust' THEN wind_gust
      WHEN 'precipitationProbability' THEN precipitation_probability
      WHEN 'visibility' THEN visibility
    END AS reading
  FROM episodes
  LEFT JOIN observed ON observed.location = episodes.location
    AND observed.observed_at > date_add('second', -window_seconds, episodes.started_at)
    AND (episodes.cleared_at IS NULL OR observed.observed_at <= episodes.cleared_at)
),
-- The window (t - duration, t] of each observation: one second short, since times are whole seconds and RANGE includes its edge.
framed AS (
  SELECT
    location, hazard, started_at, cleared_at, peak_level, level_at, aggregate, unit, measure, sign, threshold, window_seconds,
    notified_peak, notified_peak_at, is_whole, transitions, observed_at, temperature, humidity, rain_intensity, wind_gust,
    seconds, is_during, reading,
    MAX(reading) OVER (PARTITION BY location, hazard, started_at ORDER BY ended_second RANGE BETWEEN window_seconds - 1 PRECEDING AND CURRENT ROW) AS highest,
    MIN(reading) OVER (PARTITION BY location, hazard, started_at ORDER BY ended_second RANGE BETWEEN window_seconds - 1 PRECEDING AND CURRENT ROW) AS lowest,
    SUM(reading * seconds) OVER (PARTITION BY location, hazard, started_at ORDER BY ended_second RANGE BETWEEN window_seconds - 1 PRECEDING AND CURRENT ROW) AS integral,
    SUM(CASE WHEN reading IS NOT NULL THEN seconds END) OVER (PARTITION BY location, hazard, started_at ORDER BY ended_second RANGE BETWEEN window_seconds - 1 PRECEDING AND CURRENT ROW) AS covered,
    FIRST_VALUE(reading) OVER (PARTITION BY location, hazard, started_at ORDER BY ended_second RANGE BETWEEN window_seconds - 1 PRECEDING AND CURRENT ROW) AS first_reading,
    ended_second - window_seconds
      - FIRST_VALUE(ended_second - seconds) OVER (PARTITION BY location, hazard, started_at ORDER BY ended_second RANGE BETWEEN window_seconds - 1 PRECEDING AND CURRENT ROW) AS before_window
  FROM paired
),
-- The first reading of a window can begin before it: that part does not count.
clipped AS (
  SELECT
    location, hazard, started_at, cleared_at, peak_level, level_at, aggregate, unit, measure, sign, threshold, notified_peak,
    notified_peak_at, is_whole, transitions, observed_at, temperature, humidity, rain_intensity, wind_gust, seconds, is_during,
    reading, highest, lowest, integral, covered, first_reading,
    CASE WHEN first_reading IS NULL THEN 0 ELSE GREATEST(before_window, 0) END AS outside
  FROM framed
),
measured AS (
  SELECT
    location, hazard, started_at, cleared_at, peak_level, level_at, measure, sign, threshold, notified_peak, notified_peak_at,
    is_whole, transitions, observed_at, temperature, humidity, rain_intensity, wind_gust, seconds, is_during,
    CASE WHEN is_during = 1 THEN
      ROUND(CASE unit WHEN 'km/h' THEN 3.6E0 WHEN 'mph' THEN 3600E0 / 1609.344E0 ELSE 1E0 END * CASE
        WHEN aggregate IS NULL THEN reading
        WHEN aggregate = 'max' THEN highest
        WHEN aggregate = 'min' THEN lowest
        WHEN covered - outside > 0 THEN (integral - COALESCE(first_reading, 0E0) * outside) / CASE aggregate WHEN 'mean' THEN covered - outside WHEN 'sum' THEN 3600E0 END
      END, 6) + 0E0
    END AS value
  FROM clipped
),
placed AS (
  SELECT
    location, hazard, started_at, cleared_at, peak_level, level_at, measure, sign, threshold, notified_peak, notified_peak_at,
    is_whole, transitions, observed_at, temperature, humidity, rain_intensity, wind_gust, seconds, is_during, value,
    ROW_NUMBER() OVER (PARTITION BY location, hazard, started_at ORDER BY value * sign DESC NULLS LAST, observed_at) AS position
  FROM measured
),
summed AS (
  SELECT
    location, hazard, started_at, cleared_at, peak_level, level_at, measure, threshold, notified_peak, notified_peak_at, is_whole,
    transitions,
    MAX(observed_at) AS last_at,
    MAX(CASE WHEN position = 1 THEN value END) AS observed_peak,
    MAX(CASE WHEN position = 1 AND value IS NOT NULL THEN observed_at END) AS observed_peak_at,
    MAX(CASE WHEN is_during = 1 THEN temperature END) AS temperature_max,
    MIN(CASE WHEN is_during = 1 THEN humidity END) AS humidity_min,
    SUM(CASE WHEN is_during = 1 THEN rain_intensity * seconds END) / 3600E0 AS rain_total,
    SUM(CASE WHEN is_during = 1 AND rain_intensity IS NOT NULL THEN seconds ELSE 0 END) / 3600E0 AS rain_hours_known,
    MAX(CASE WHEN is_during = 1 THEN wind_gust END) AS gust_max
  FROM placed
  GROUP BY
    location, hazard, started_at, cleared_at, peak_level, level_at, measure, threshold, notified_peak, notified_peak_at, is_whole,
    transitions
)
SELECT
  location, hazard, started_at, cleared_at,
  ROUND(date_diff('second', started_at, COALESCE(cleared_at, GREATEST(last_at, started_at))) / 3600E0, 1) AS duration_hours,
  peak_level, level_at, measure, threshold,
  ROUND(COALESCE(observed_peak, notified_peak), 3) AS peak,
  COALESCE(observed_peak_at, notified_peak_at) AS peak_at,
  CASE
    WHEN observed_peak IS NOT NULL AND is_whole = 1 THEN 'observations'
    WHEN observed_peak IS NOT NULL THEN 'part of the observations'
    WHEN notified_peak IS NOT NULL THEN 'transitions'
  END AS peak_from,
  transitions, temperature_max, humidity_min,
  CASE WHEN rain_hours_known > 0 THEN ROUND(ROUND(rain_total, 6), 1) END AS rain_total,
  ROUND(ROUND(rain_hours_known, 6), 1) AS rain_hours_known,
  gust_max
FROM summed
ORDER BY location, started_at, hazard
