-- title: Degree days
-- question: How much heating and cooling did each month ask for?
-- columns: location, month UTC, heating °C·d, cooling °C·d, days
-- parameters: location = %, from = last-365d, to = last, heat_below = 18, cool_above = 24
-- cost: two columns of the days asked for
-- A degree day is one degree of a day's mean beyond the limit, for a day; days: those with a temperature at all.
WITH daily AS (
  SELECT location, day, AVG(temperature) AS mean
  FROM observations
  WHERE location LIKE ? AND day BETWEEN ? AND ? AND temperature IS NOT NULL
  GROUP BY location, day
),
deviations AS (
  SELECT
    location, SUBSTR(day, 1, 7) AS month,
    GREATEST(CAST(? AS DOUBLE) - mean, 0E0) AS heating,
    GREATEST(mean - CAST(? AS DOUBLE), 0E0) AS cooling
  FROM daily
)
SELECT location, month, ROUND(ROUND(SUM(heating), 6), 1) AS heating, ROUND(ROUND(SUM(cooling), 6), 1) AS cooling, COUNT(*) AS days
FROM deviations
GROUP BY location, month
ORDER BY location, month
