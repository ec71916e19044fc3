-- title: Late and duplicate arrivals
-- question: How late did the observations of each day come, and how many arrived more than once?
-- columns: location, day UTC, observations, late, delay_p50 min, delay_p95 min, delay_max min, told_again, records
-- parameters: location = %, from = last-30d, to = last, late_after_minutes = 60 (0..525600)
-- cost: four columns of the days between from and to
-- The delay is from observation to arrival on the stream; percentiles are exact: the delay of the reading at that rank.
-- told_again: observations with more than one record on the stream; records: all records. A row comes from the latest record,
-- so a correction makes its observation late.
WITH told AS (
  SELECT location, day, observed_at, deliveries, date_diff('second', observed_at, arrived_at) AS delay
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ?
),
ranked AS (
  SELECT
    location, day, deliveries, delay,
    ROW_NUMBER() OVER (PARTITION BY location, day ORDER BY delay NULLS LAST, observed_at) AS position,
    COUNT(delay) OVER (PARTITION BY location, day) AS known
  FROM told
),
-- A WHERE chooses the flag, because Athena accepts parameters nowhere else.
judged AS (
  SELECT location, day, deliveries, delay, position, known, is_late
  FROM ranked
  CROSS JOIN (VALUES (0), (1)) AS flags (is_late)
  WHERE is_late = CASE WHEN delay > 60 * ? THEN 1 ELSE 0 END
)
SELECT
  location, day,
  COUNT(*) AS observations,
  SUM(is_late) AS late,
  -- Nearest rank: the smallest whole number that is not below the share of all known values.
  ROUND(MAX(CASE WHEN position = (known * 50 + 99) / 100 THEN delay END) / 60E0, 1) AS delay_p50,
  ROUND(MAX(CASE WHEN position = (known * 95 + 99) / 100 THEN delay END) / 60E0, 1) AS delay_p95,
  ROUND(MAX(delay) / 60E0, 1) AS delay_max,
  SUM(CASE WHEN deliveries > 1 THEN 1 ELSE 0 END) AS told_again,
  SUM(deliveries) AS records
FROM judged
GROUP BY location, day
ORDER BY location, day
