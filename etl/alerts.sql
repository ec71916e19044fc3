-- Archived transitions to gold: flatten, cast, one row for each transition.
-- One text for Spark SQL 3.5, DuckDB 1.5 and Trino (Athena engine v3), so it stays in what the three read alike.
--
-- Input: a view raw, one row for each archived line, every leaf a string: the columns of the table's `view` (tables.ts),
--   raw_day (YYYY-MM-DD of the folder) and raw_file (path of the object).
-- Output: the table's columns, then day (the partition) and copies (raw lines that told the row), neither stored in the file.
WITH typed AS (
  SELECT
    transition,
    location_id AS location,
    location_name,
    TRY_CAST(latitude AS DOUBLE) AS latitude,
    TRY_CAST(longitude AS DOUBLE) AS longitude,
    TRY_CAST(SUBSTR(occurred_at, 1, 10) || ' ' || SUBSTR(occurred_at, 12, 8) AS TIMESTAMP) AS occurred_at,
    TRY_CAST(SUBSTR(started_at, 1, 10) || ' ' || SUBSTR(started_at, 12, 8) AS TIMESTAMP) AS started_at,
    hazard,
    kind,
    level,
    metric,
    aggregate,
    duration,
    unit,
    TRY_CAST(value AS DOUBLE) AS value,
    TRY_CAST(threshold AS DOUBLE) AS threshold,
    below,
    scale,
    raw_file,
    raw_day AS day
  FROM raw
  WHERE occurred_at LIKE '____-__-__T__:__:__%Z'
    AND SUBSTR(occurred_at, 12, 2) < '24'
    AND SUBSTR(occurred_at, 1, 10) = raw_day
),
ranked AS (
  SELECT
    typed.*,
    ROW_NUMBER() OVER (PARTITION BY transition ORDER BY raw_file DESC NULLS LAST) AS recency,
    COUNT(*) OVER (PARTITION BY transition) AS copies
  FROM typed
  WHERE transition IS NOT NULL AND location IS NOT NULL AND occurred_at IS NOT NULL
    AND hazard IS NOT NULL AND kind IS NOT NULL AND level IS NOT NULL
)
SELECT
  transition,
  location,
  location_name,
  latitude,
  longitude,
  occurred_at,
  started_at,
  hazard,
  kind,
  level,
  metric,
  aggregate,
  duration,
  unit,
  value,
  threshold,
  below,
  scale,
  day,
  copies
FROM ranked
WHERE recency = 1
