-- Raw observations to gold: flatten, cast, one row for each place and time, and no value that is not good.
-- One text for Spark SQL 3.5, DuckDB 1.5 and Trino (Athena engine v3), so it stays in what the three read alike.
--
-- Input: a view raw, one row for each archived line, every leaf a string: the columns of the table's `view` (tables.ts),
--   raw_day (YYYY-MM-DD of the folder) and raw_file (path of the object).
-- Output: the table's columns, then day (the partition) and copies (raw lines that told the row), neither stored in the file.
-- A leaf that does not cast is NULL. A line without a place or a valid UTC time, or in a folder of another day, is left out.
--
-- The archive has flagged what one reading shows (archive.flags). The checks over time are made here, with the limits of
-- handlers/weather/quality/limits.ts. Alerts make them in series.ts with the readings before alone, so there a jump is doubtful
-- until the next reading confirms it; here the next one is known, so a jump that lasts is good and only a lone spike is doubtful.
-- Each looks at one UTC day, because a day is rebuilt by itself: its first and its last reading are never spikes.
WITH lines AS (
  SELECT raw.*, COALESCE(observed_utc, observation_time) AS utc
  FROM raw
),
typed AS (
  SELECT
    location_id AS location,
    location_name,
    TRY_CAST(latitude AS DOUBLE) AS latitude,
    TRY_CAST(longitude AS DOUBLE) AS longitude,
    TRY_CAST(SUBSTR(utc, 1, 10) || ' ' || SUBSTR(utc, 12, 8) AS TIMESTAMP) AS observed_at,
    TRY_CAST(SUBSTR(utc, 12, 2) AS DOUBLE) * 3600 + TRY_CAST(SUBSTR(utc, 15, 2) AS DOUBLE) * 60 + TRY_CAST(SUBSTR(utc, 18, 2) AS DOUBLE) AS second_of_day,
    measures,
    archived_flags,
    -- POSITION finds a measure as '; rain_intensity=', not that of freezing_rain_intensity.
    COALESCE('; ' || archived_flags, '') AS flagged,
    source,
    TRY_CAST(SUBSTR(arrived_at, 1, 10) || ' ' || SUBSTR(arrived_at, 12, 12) AS TIMESTAMP) AS arrived_at,
    shard_id,
    sequence_number,
    raw_file,
    raw_day AS day
  FROM lines
  -- DuckDB takes 24:00:00 for the next midnight, the others for no time at all.
  WHERE utc LIKE '____-__-__T__:__:__%Z'
    AND SUBSTR(utc, 12, 2) < '24'
    AND SUBSTR(utc, 1, 10) = raw_day
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
),
-- The values that the archive did not flag. It flags text that is not a decimal number, on which the engines' casts differ.
readings AS (
  SELECT
    ranked.*,
    second_of_day - LAG(second_of_day) OVER in_order AS seconds_before,
    -- Without the brackets, Spark takes the hyphen for a part of the window's name.
    (LEAD(second_of_day) OVER in_order) - second_of_day AS seconds_after,
    CASE WHEN POSITION('; altimeter_setting=' IN flagged) = 0 THEN TRY_CAST(measures.altimeterSetting AS DOUBLE) END AS altimeter_setting,
    CASE WHEN POSITION('; cloud_base=' IN flagged) = 0 THEN TRY_CAST(measures.cloudBase AS DOUBLE) END AS cloud_base,
    CASE WHEN POSITION('; cloud_ceiling=' IN flagged) = 0 THEN TRY_CAST(measures.cloudCeiling AS DOUBLE) END AS cloud_ceiling,
    CASE WHEN POSITION('; cloud_cover=' IN flagged) = 0 THEN TRY_CAST(measures.cloudCover AS DOUBLE) END AS cloud_cover,
    CASE WHEN POSITION('; dew_point=' IN flagged) = 0 THEN TRY_CAST(measures.dewPoint AS DOUBLE) END AS dew_point,
    CASE WHEN POSITION('; freezing_rain_intensity=' IN flagged) = 0 THEN TRY_CAST(measures.freezingRainIntensity AS DOUBLE) END AS freezing_rain_intensity,
    CASE WHEN POSITION('; humidity=' IN flagged) = 0 THEN TRY_CAST(measures.humidity AS DOUBLE) END AS humidity,
    CASE WHEN POSITION('; precipitation_probability=' IN flagged) = 0 THEN TRY_CAST(measures.precipitationProbability AS DOUBLE) END AS precipitation_probability,
    CASE WHEN POSITION('; pressure_sea_level=' IN flagged) = 0 THEN TRY_CAST(measures.pressureSeaLevel AS DOUBLE) END AS pressure_sea_level,
    CASE WHEN POSITION('; pressure_surface_level=' IN flagged) = 0 THEN TRY_CAST(measures.pressureSurfaceLevel AS DOUBLE) END AS pressure_surface_level,
    CASE WHEN POSITION('; rain_intensity=' IN flagged) = 0 THEN TRY_CAST(measures.rainIntensity AS DOUBLE) END AS rain_intensity,
    CASE WHEN POSITION('; sleet_intensity=' IN flagged) = 0 THEN TRY_CAST(measures.sleetIntensity AS DOUBLE) END AS sleet_intensity,
    CASE WHEN POSITION('; snow_intensity=' IN flagged) = 0 THEN TRY_CAST(measures.snowIntensity AS DOUBLE) END AS snow_intensity,
    CASE WHEN POSITION('; temperature=' IN flagged) = 0 THEN TRY_CAST(measures.temperature AS DOUBLE) END AS temperature,
    CASE WHEN POSITION('; temperature_apparent=' IN flagged) = 0 THEN TRY_CAST(measures.temperatureApparent AS DOUBLE) END AS temperature_apparent,
    CASE WHEN POSITION('; uv_health_concern=' IN flagged) = 0 THEN TRY_CAST(FLOOR(TRY_CAST(measures.uvHealthConcern AS DOUBLE)) AS INTEGER) END AS uv_health_concern,
    CASE WHEN POSITION('; uv_index=' IN flagged) = 0 THEN TRY_CAST(FLOOR(TRY_CAST(measures.uvIndex AS DOUBLE)) AS INTEGER) END AS uv_index,
    CASE WHEN POSITION('; visibility=' IN flagged) = 0 THEN TRY_CAST(measures.visibility AS DOUBLE) END AS visibility,
    CASE WHEN POSITION('; weather_code=' IN flagged) = 0 THEN TRY_CAST(FLOOR(TRY_CAST(measures.weatherCode AS DOUBLE)) AS INTEGER) END AS weather_code,
    CASE WHEN POSITION('; wind_direction=' IN flagged) = 0 THEN TRY_CAST(measures.windDirection AS DOUBLE) END AS wind_direction,
    CASE WHEN POSITION('; wind_gust=' IN flagged) = 0 THEN TRY_CAST(measures.windGust AS DOUBLE) END AS wind_gust,
    CASE WHEN POSITION('; wind_speed=' IN flagged) = 0 THEN TRY_CAST(measures.windSpeed AS DOUBLE) END AS wind_speed
  FROM ranked
  WHERE recency = 1
  WINDOW in_order AS (PARTITION BY location, day ORDER BY observed_at)
),
-- Of each measure that is checked over time: how far it is from the reading before and from the one after, no more than two
-- hours away; and the value when every known one of the day is the same, at least 12 of them over at least 20 hours.
compared AS (
  SELECT
    readings.*,
    -- Times the change that an hour allows.
    CASE WHEN seconds_before <= 3600 THEN 1 WHEN seconds_before <= 7200 THEN seconds_before / 3600 END AS steps_before,
    CASE WHEN seconds_after <= 3600 THEN 1 WHEN seconds_after <= 7200 THEN seconds_after / 3600 END AS steps_after,
    -- What a reading of rain stands for, in hours.
    CASE WHEN seconds_before <= 3600 THEN seconds_before / 3600 WHEN seconds_before > 3600 THEN 1 END AS rain_hours,
    dew_point - LAG(dew_point) OVER in_order AS dew_point_before,
    dew_point - LEAD(dew_point) OVER in_order AS dew_point_after,
    humidity - LAG(humidity) OVER in_order AS humidity_before,
    humidity - LEAD(humidity) OVER in_order AS humidity_after,
    CASE
      WHEN MIN(humidity) OVER of_day = MAX(humidity) OVER of_day AND COUNT(humidity) OVER of_day >= 12
        AND 72000 + MIN(CASE WHEN humidity IS NOT NULL THEN second_of_day END) OVER of_day
          <= MAX(CASE WHEN humidity IS NOT NULL THEN second_of_day END) OVER of_day
        THEN humidity
    END AS humidity_steady,
    pressure_sea_level - LAG(pressure_sea_level) OVER in_order AS pressure_sea_level_before,
    pressure_sea_level - LEAD(pressure_sea_level) OVER in_order AS pressure_sea_level_after,
    CASE
      WHEN MIN(pressure_sea_level) OVER of_day = MAX(pressure_sea_level) OVER of_day AND COUNT(pressure_sea_level) OVER of_day >= 12
        AND 72000 + MIN(CASE WHEN pressure_sea_level IS NOT NULL THEN second_of_day END) OVER of_day
          <= MAX(CASE WHEN pressure_sea_level IS NOT NULL THEN second_of_day END) OVER of_day
        THEN pressure_sea_level
    END AS pressure_sea_level_steady,
    pressure_surface_level - LAG(pressure_surface_level) OVER in_order AS pressure_surface_level_before,
    pressure_surface_level - LEAD(pressure_surface_level) OVER in_order AS pressure_surface_level_after,
    CASE
      WHEN MIN(pressure_surface_level) OVER of_day = MAX(pressure_surface_level) OVER of_day AND COUNT(pressure_surface_level) OVER of_day >= 12
        AND 72000 + MIN(CASE WHEN pressure_surface_level IS NOT NULL THEN second_of_day END) OVER of_day
          <= MAX(CASE WHEN pressure_surface_level IS NOT NULL THEN second_of_day END) OVER of_day
        THEN pressure_surface_level
    END AS pressure_surface_level_steady,
    CASE
      WHEN MIN(rain_intensity) OVER of_day = MAX(rain_intensity) OVER of_day AND COUNT(rain_intensity) OVER of_day >= 12
        AND 72000 + MIN(CASE WHEN rain_intensity IS NOT NULL THEN second_of_day END) OVER of_day
          <= MAX(CASE WHEN rain_intensity IS NOT NULL THEN second_of_day END) OVER of_day
        THEN rain_intensity
    END AS rain_intensity_steady,
    temperature - LAG(temperature) OVER in_order AS temperature_before,
    temperature - LEAD(temperature) OVER in_order AS temperature_after,
    CASE
      WHEN MIN(temperature) OVER of_day = MAX(temperature) OVER of_day AND COUNT(temperature) OVER of_day >= 12
        AND 72000 + MIN(CASE WHEN temperature IS NOT NULL THEN second_of_day END) OVER of_day
          <= MAX(CASE WHEN temperature IS NOT NULL THEN second_of_day END) OVER of_day
        THEN temperature
    END AS temperature_steady,
    CASE
      WHEN MIN(wind_gust) OVER of_day = MAX(wind_gust) OVER of_day AND COUNT(wind_gust) OVER of_day >= 12
        AND 72000 + MIN(CASE WHEN wind_gust IS NOT NULL THEN second_of_day END) OVER of_day
          <= MAX(CASE WHEN wind_gust IS NOT NULL THEN second_of_day END) OVER of_day
        THEN wind_gust
    END AS wind_gust_steady
  FROM readings
  WINDOW
    in_order AS (PARTITION BY location, day ORDER BY observed_at),
    of_day AS (PARTITION BY location, day)
),
-- Their flags, NULL where the value is good, with the value as it stands in the line: engines print numbers differently.
checked AS (
  SELECT
    compared.*,
    'dew_point=' || measures.dewPoint || ' doubtful:' || CASE
      WHEN ABS(dew_point_before) > 19.5 * steps_before AND ABS(dew_point_after) > 19.5 * steps_after
        AND dew_point_before * dew_point_after > 0 THEN 'spike'
    END AS dew_point_flag,
    'humidity=' || measures.humidity || ' doubtful:' || CASE
      WHEN ABS(humidity_before) > 50 * steps_before AND ABS(humidity_after) > 50 * steps_after
        AND humidity_before * humidity_after > 0 THEN 'spike'
      WHEN humidity_steady BETWEEN 0.1 AND 94.9 THEN 'stuck'
    END AS humidity_flag,
    'pressure_sea_level=' || measures.pressureSeaLevel || ' doubtful:' || CASE
      WHEN ABS(pressure_sea_level_before) > 15 * steps_before AND ABS(pressure_sea_level_after) > 15 * steps_after
        AND pressure_sea_level_before * pressure_sea_level_after > 0 THEN 'spike'
      WHEN pressure_sea_level_steady BETWEEN 850 AND 1100 THEN 'stuck'
    END AS pressure_sea_level_flag,
    'pressure_surface_level=' || measures.pressureSurfaceLevel || ' doubtful:' || CASE
      WHEN ABS(pressure_surface_level_before) > 15 * steps_before AND ABS(pressure_surface_level_after) > 15 * steps_after
        AND pressure_surface_level_before * pressure_surface_level_after > 0 THEN 'spike'
      WHEN pressure_surface_level_steady BETWEEN 300 AND 1100 THEN 'stuck'
    END AS pressure_surface_level_flag,
    'rain_intensity=' || measures.rainIntensity || ' doubtful:' || CASE
      WHEN rain_intensity * rain_hours > 500 * SQRT(rain_hours) THEN 'amount'
      WHEN rain_intensity_steady BETWEEN 0.1 AND 2500 THEN 'stuck'
    END AS rain_intensity_flag,
    'temperature=' || measures.temperature || ' doubtful:' || CASE
      WHEN ABS(temperature_before) > 19.5 * steps_before AND ABS(temperature_after) > 19.5 * steps_after
        AND temperature_before * temperature_after > 0 THEN 'spike'
      WHEN temperature_steady BETWEEN -100 AND 65 THEN 'stuck'
    END AS temperature_flag,
    'wind_gust=' || measures.windGust || ' doubtful:' || CASE
      WHEN wind_gust_steady BETWEEN 0 AND 150 THEN 'stuck'
    END AS wind_gust_flag
  FROM compared
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
  CASE WHEN dew_point_flag IS NULL THEN dew_point END AS dew_point,
  freezing_rain_intensity,
  CASE WHEN humidity_flag IS NULL THEN humidity END AS humidity,
  precipitation_probability,
  CASE WHEN pressure_sea_level_flag IS NULL THEN pressure_sea_level END AS pressure_sea_level,
  CASE WHEN pressure_surface_level_flag IS NULL THEN pressure_surface_level END AS pressure_surface_level,
  CASE WHEN rain_intensity_flag IS NULL THEN rain_intensity END AS rain_intensity,
  sleet_intensity,
  snow_intensity,
  CASE WHEN temperature_flag IS NULL THEN temperature END AS temperature,
  temperature_apparent,
  uv_health_concern,
  uv_index,
  visibility,
  weather_code,
  wind_direction,
  CASE WHEN wind_gust_flag IS NULL THEN wind_gust END AS wind_gust,
  wind_speed,
  NULLIF(CONCAT_WS(
    '; ', archived_flags, dew_point_flag, humidity_flag, pressure_sea_level_flag, pressure_surface_level_flag,
    rain_intensity_flag, temperature_flag, wind_gust_flag
  ), '') AS flags,
  source,
  arrived_at,
  deliveries,
  day,
  copies
FROM checked
