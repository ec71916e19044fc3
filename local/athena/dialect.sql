-- Athena engine v3 speaks Trino. These macros and settings make DuckDB answer the same; run once per connection.
-- Trino's functions: https://trino.io/docs/current/functions.html

-- Athena's session is always in UTC; 7 / 2 is 3.
SET TimeZone = 'UTC';
SET integer_division = true;
SET default_null_order = 'NULLS_LAST';

-- Answering MIN and MAX of a partition from the statistics of Parquet files ends in an internal error (DuckDB 1.5.5).
SET disabled_optimizers = 'statistics_propagation';

-- Names that both have, with another meaning -----------------------------------------------------------------------

-- A timestamp without zone is UTC for Trino; DuckDB takes it for local time of the zone.
CREATE MACRO timezone(zone, moment) AS system.main.timezone(zone, CAST(moment AS TIMESTAMPTZ));
-- Trino counts complete units, DuckDB the boundaries crossed.
CREATE MACRO date_diff(unit, earlier, later) AS date_sub(unit, earlier, later);
-- EXTRACT(... FROM x) becomes date_part. Trino's week days run from Monday 1 to Sunday 7.
CREATE MACRO date_part(part, moment) AS system.main.date_part(
  CASE WHEN lower(part) IN ('dow', 'day_of_week') THEN 'isodow' WHEN lower(part) = 'day_of_year' THEN 'doy' ELSE part END, moment);
-- Of dates, Trino makes dates; so do date_add and sequence below. DATE + INTERVAL is a timestamp for DuckDB all the same:
-- a query casts it to DATE where it shows it or makes text of it.
CREATE MACRO date_trunc(unit, moment DATE) AS CAST(system.main.date_trunc(unit, moment) AS DATE),
  (unit, moment TIMESTAMP) AS system.main.date_trunc(unit, moment),
  (unit, moment TIMESTAMPTZ) AS system.main.date_trunc(unit, moment);
-- NULL in, NULL out; DuckDB skips NULLs.
CREATE MACRO concat(a, b) AS a || b, (a, b, c) AS a || b || c, (a, b, c, d) AS a || b || c || d;
CREATE MACRO greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE system.main.greatest(a, b) END,
  (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE system.main.greatest(a, b, c) END;
CREATE MACRO least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE system.main.least(a, b) END,
  (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE system.main.least(a, b, c) END;
-- No match is NULL for Trino, empty text for DuckDB.
CREATE MACRO regexp_extract(subject, pattern) AS
    CASE WHEN regexp_matches(subject, pattern) THEN system.main.regexp_extract(subject, pattern) END,
  (subject, pattern, nth) AS
    CASE WHEN regexp_matches(subject, pattern) THEN system.main.regexp_extract(subject, pattern, nth) END;
-- Trino replaces every match, DuckDB the first; Trino's $1 is DuckDB's \1.
CREATE MACRO regexp_replace(subject, pattern, replacement) AS
  system.main.regexp_replace(subject, pattern, system.main.regexp_replace(replacement, '\$(\d)', '\\\1', 'g'), 'g');

-- Names that DuckDB lacks ------------------------------------------------------------------------------------------

-- Zones
CREATE MACRO with_timezone(moment, zone) AS system.main.timezone(zone, CAST(moment AS TIMESTAMP));
-- The local time, which forgets its zone: a query casts it to TIMESTAMP where it shows it.
CREATE MACRO at_timezone(moment, zone) AS system.main.timezone(zone, CAST(moment AS TIMESTAMPTZ));

-- Dates and times
CREATE MACRO interval_of(unit, amount) AS CASE lower(unit)
  WHEN 'second' THEN to_seconds(amount)
  WHEN 'minute' THEN to_minutes(amount)
  WHEN 'hour' THEN to_hours(amount)
  WHEN 'day' THEN to_days(CAST(amount AS INTEGER))
  WHEN 'week' THEN to_days(CAST(7 * amount AS INTEGER))
  WHEN 'month' THEN to_months(CAST(amount AS INTEGER))
  WHEN 'year' THEN to_years(CAST(amount AS INTEGER))
  ELSE error('date_add does not know the unit ' || unit)
END;
CREATE MACRO date_add(unit, amount, moment DATE) AS CAST(moment + interval_of(unit, amount) AS DATE),
  (unit, amount, moment TIMESTAMP) AS moment + interval_of(unit, amount),
  (unit, amount, moment TIMESTAMPTZ) AS moment + interval_of(unit, amount);
CREATE MACRO day_of_week(moment) AS isodow(moment);
CREATE MACRO day_of_month(moment) AS dayofmonth(moment);
CREATE MACRO day_of_year(moment) AS dayofyear(moment);
CREATE MACRO week_of_year(moment) AS weekofyear(moment);
CREATE MACRO last_day_of_month(moment) AS last_day(moment);
CREATE MACRO to_unixtime(moment) AS epoch(moment);
CREATE MACRO from_unixtime(seconds) AS to_timestamp(seconds);
CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ);
CREATE MACRO from_iso8601_date(text) AS CAST(text AS DATE);
-- MySQL's letters: %M is the month's name, %i the minute, %W the week day's name, %c and %e numbers without zeros.
CREATE MACRO date_format(moment, format) AS strftime(moment, list_reduce(
  [['', format], ['%M', '%B'], ['%W', '%A'], ['%i', '%M'], ['%s', '%S'], ['%T', '%H:%M:%S'], ['%h', '%I'], ['%k', '%-H'],
   ['%l', '%-I'], ['%e', '%-d'], ['%c', '%-m'], ['%v', '%V'], ['%x', '%G']],
  lambda text, letter: ['', replace(text[2], letter[1], letter[2])])[2]);

-- Arrays, maps, text, numbers
CREATE MACRO sequence(start, stop) AS generate_series(start, stop),
  (start DATE, stop DATE) AS CAST(generate_series(start, stop, INTERVAL '1' DAY) AS DATE[]),
  (start, stop, step) AS generate_series(start, stop, step),
  (start DATE, stop DATE, step INTERVAL) AS CAST(generate_series(start, stop, step) AS DATE[]);
CREATE MACRO cardinality(items) AS len(items);
CREATE MACRO element_at(items, nth) AS items[nth];
CREATE MACRO array_join(items, separator) AS array_to_string(items, separator);
CREATE MACRO slice(items, start, length) AS list_slice(items, start, start + length - 1);
CREATE MACRO regexp_like(subject, pattern) AS regexp_matches(subject, pattern);
CREATE MACRO json_extract_scalar(document, path) AS json_extract_string(document, path);
CREATE MACRO approx_distinct(value) AS approx_count_distinct(value);
CREATE MACRO approx_percentile(value, fraction) AS approx_quantile(value, fraction);
