-- Raw observations to gold: flatten, cast, one row for each place and time.
-- One text for Spark SQL 3.5, DuckDB 1.5 and Trino (Athena engine v3), so it stays in what the three read alike.
--
-- Input: a view raw, one row for each archived line, every leaf a string: the columns of the table's `view` (tables.ts),
--   raw_day (YYYY-MM-DD of the folder) and raw_file (path of the object).
-- Output: the table's columns, then day (the partition) and copies (raw lines that told the row), neither stored in the file.
-- A leaf that does not cast is NULL. A line without a place or a valid UTC time, or in a folder of another day, is left out.
WITH typed AS (
  SELECT
    location_id AS location,
    location_name,
    TRY_CAST(latitude AS DOUBLE) AS latitude,
    TRY_CAST(longitude AS DOUBLE) AS longitude,
    TRY_CAST(SUBSTR(observation_time, 1, 10) || ' ' || SUBSTR(observation_time, 12, 8) AS TIMESTAMP) AS observed_at,
    TRY_CAST(measures.altimeterSetting AS DOUBLE) AS altimeter_setting,
    TRY_CAST(measures.cloudBase AS DOUBLE) AS cloud_base,
    TRY_CAST(measures.cloudCeiling AS DOUBLE) AS cloud_ceiling,
    TRY_CAST(measures.cloudCover AS DOUBLE) AS cloud_cover,
    TRY_CAST(measures.dewPoint AS DOUBLE) AS dew_point,
    TRY_CAST(measures.freezingRainIntensity AS DOUBLE) AS freezing_rain_intensity,
    TRY_CAST(measures.humidity AS DOUBLE) AS humidity,
    TRY_CAST(measures.precipitationProbability AS DOUBLE) AS precipitation_probability,
    TRY_CAST(measures.pressureSeaLevel AS DOUBLE) AS pressure_sea_level,
    TRY_CAST(measures.pressureSurfaceLevel AS DOUBLE) AS pressure_surface_level,
    TRY_CAST(measures.rainIntensity AS DOUBLE) AS rain_intensity,
    TRY_CAST(measures.sleetIntensity AS DOUBLE) AS sleet_intensity,
    TRY_CAST(measures.snowIntensity AS DOUBLE) AS snow_intensity,
    TRY_CAST(measures.temperature AS DOUBLE) AS temperature,
    TRY_CAST(measures.temperatureApparent AS DOUBLE) AS temperature_apparent,
    TRY_CAST(FLOOR(TRY_CAST(measures.uvHealthConcern AS DOUBLE)) AS INTEGER) AS uv_health_concern,
    TRY_CAST(FLOOR(TRY_CAST(measures.uvIndex AS DOUBLE)) AS INTEGER) AS uv_index,
    TRY_CAST(measures.visibility AS DOUBLE) AS visibility,
    TRY_CAST(FLOOR(TRY_CAST(measures.weatherCode AS DOUBLE)) AS INTEGER) AS weather_code,
    TRY_CAST(measures.windDirection AS DOUBLE) AS wind_direction,
    TRY_CAST(measures.windGust AS DOUBLE) AS wind_gust,
    TRY_CAST(measures.windSpeed AS DOUBLE) AS wind_speed,
    source,
    TRY_CAST(SUBSTR(arrived_at, 1, 10) || ' ' || SUBSTR(arrived_at, 12, 12) AS TIMESTAMP) AS arrived_at,
    shard_id,
    sequence_number,
    raw_file,
    raw_day AS day
  FROM raw
  -- DuckDB takes 24:00:00 for the next midnight, the others for no time at all.
  WHERE observation_time LIKE '____-__-__T__:__:__%Z'
    AND SUBSTR(observation_time, 12, 2) < '24'
    AND SUBSTR(observation_time, 1, 10) = raw_day
),
-- A batch that was delivered again in other pieces leaves the same record in several objects: it counts once.
records AS (
  SELECT
    typed.*,
    ROW_NUMBER() OVER (PARTITION BY location, observed_at, shard_id, sequence_number ORDER BY raw_file DESC NULLS LAST) AS copy,
    COUNT(*) OVER (PARTITION BY location, observed_at) AS copies
  FROM typed
  WHERE location IS NOT NULL AND observed_at IS NOT NULL
),
ranked AS (
  SELECT
    records.*,
    -- The latest arrival wins. Sequence numbers are decimals without leading zeros: the longer is the greater.
    ROW_NUMBER() OVER (
      PARTITION BY location, observed_at
      ORDER BY
        arrived_at DESC NULLS LAST,
        LENGTH(sequence_number) DESC NULLS LAST,
        sequence_number DESC NULLS LAST,
        shard_id DESC NULLS LAST,
        raw_file DESC NULLS LAST
    ) AS recency,
    CAST(COUNT(*) OVER (PARTITION BY location, observed_at) AS INTEGER) AS deliveries
  FROM records
  WHERE copy = 1
)
SELECT
  location,
  location_name,
  latitude,
  longitude,
  observed_at,
  altimeter_setting,
  cloud_base,
  cloud_ceiling,
  cloud_cover,
  dew_point,
  freezing_rain_intensity,
  humidity,
  precipitation_probability,
  pressure_sea_level,
  pressure_surface_level,
  rain_intensity,
  sleet_intensity,
  snow_intensity,
  temperature,
  temperature_apparent,
  uv_health_concern,
  uv_index,
  visibility,
  weather_code,
  wind_direction,
  wind_gust,
  wind_speed,
  source,
  arrived_at,
  deliveries,
  day,
  copies
FROM ranked
WHERE recency = 1
