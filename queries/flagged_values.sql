-- title: Flagged values
-- question: Which values were flagged, and why?
-- columns: location, observed_at UTC, measure, value, flag, reason
-- parameters: location = %, from = last-30d, to = last
-- cost: three columns of the days between from and to
-- The value is the original text, or its type if it is not a number. An erroneous value is impossible, a doubtful one unlikely.
WITH flagged AS (
  SELECT location, observed_at, flags
  FROM observations
  WHERE ? IN (location, '%') AND day BETWEEN ? AND ? AND flags IS NOT NULL
)
SELECT
  flagged.location, flagged.observed_at,
  split_part(entries.entry, '=', 1) AS measure,
  split_part(split_part(entries.entry, '=', 2), ' ', 1) AS value,
  split_part(split_part(entries.entry, ' ', 2), ':', 1) AS flag,
  split_part(entries.entry, ':', 2) AS reason
FROM flagged
CROSS JOIN UNNEST(split(flagged.flags, '; ')) AS entries (entry)
ORDER BY flagged.location, flagged.observed_at, split_part(entries.entry, '=', 1)
