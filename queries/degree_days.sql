-- title: Degree days
-- question: How much heating and cooling did each month need?
-- columns: location, month UTC, heating °C·d, cooling °C·d, days
-- parameters: location = %, from = last-365d, to = last, heat_below = 18 (-40..59.99), cool_above = 24 (-40..59.99)
-- cost: two columns of the days between from and to
-- A degree day is one degree of a day's mean beyond the limit, for a day; days: those with a temperature at all.
-- The limits are rounded to a hundredth; those below -40 and above 59.99 give no rows.
WITH daily AS (
  SELECT location, day, AVG(temperature) AS mean
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ? AND temperature IS NOT NULL
  GROUP BY location, day
),
-- A WHERE chooses from the possible limits, in hundredths: as many as Trino's sequence creates.
heat AS (
  SELECT hundredth / 100E0 AS below
  FROM UNNEST(sequence(-4000, 5999)) AS limits (hundredth)
  WHERE hundredth = ROUND(100 * CAST(? AS DOUBLE))
),
cool AS (
  SELECT hundredth / 100E0 AS above
  FROM UNNEST(sequence(-4000, 5999)) AS limits (hundredth)
  WHERE hundredth = ROUND(100 * CAST(? AS DOUBLE))
),
deviations AS (
  SELECT
    location, SUBSTR(day, 1, 7) AS month,
    GREATEST(heat.below - mean, 0E0) AS heating,
    GREATEST(mean - cool.above, 0E0) AS cooling
  FROM daily
  CROSS JOIN heat
  CROSS JOIN cool
)
SELECT location, month, ROUND(ROUND(SUM(heating), 6), 1) AS heating, ROUND(ROUND(SUM(cooling), 6), 1) AS cooling, COUNT(*) AS days
FROM deviations
GROUP BY location, month
ORDER BY location, month
