import { expect } from "chai";
import { answerForecast } from "../../replay/open-meteo.ts";
import { createRecording, type Recording } from "../../replay/recording.ts";
import { PORTO_ALEGRE, RIO, reading } from "./support.ts";

const HERE = "latitude=-30.0536&longitude=-51.1747";

describe("Open-Meteo's forecast from a recording", () => {
  let recording: Recording;
  beforeEach(() => {
    const rain = reading("2024-04-30T11:00:00Z", { rainIntensity: 25.8, temperature: 19.4, windSpeed: 2.5 });
    recording = createRecording({
      series: [{ file: "flood.csv", location: PORTO_ALEGRE, readings: [rain] }],
      locations: [PORTO_ALEGRE, RIO],
      now: () => new Date("2024-04-30T11:30:00Z"),
    });
  });

  const forecast = (query: string) => answerForecast(new URLSearchParams(query), { recording });

  it("answers the current reading in the API's shape and units", () => {
    const { status, body } = forecast(
      `${HERE}&current=temperature_2m,precipitation,rain,showers,wind_speed_10m,weather_code&wind_speed_unit=ms&timezone=UTC`,
    );

    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      latitude: -30.0536,
      longitude: -51.1747,
      generationtime_ms: 0,
      utc_offset_seconds: 0,
      timezone: "GMT",
      timezone_abbreviation: "GMT",
      current_units: {
        time: "iso8601",
        interval: "seconds",
        temperature_2m: "°C",
        precipitation: "mm",
        rain: "mm",
        showers: "mm",
        wind_speed_10m: "m/s",
        weather_code: "wmo code",
      },
      current: {
        time: "2024-04-30T11:00",
        interval: 900,
        temperature_2m: 19.4,
        precipitation: 25.8 / 4,
        rain: 25.8 / 4,
        showers: 0,
        wind_speed_10m: 2.5,
        weather_code: null,
      },
    });
  });

  it("gives wind in km/h by default", () => {
    const { body } = forecast(`${HERE}&current=wind_speed_10m,wind_gusts_10m`);

    expect(body).to.have.property("current").that.includes({ wind_speed_10m: 9, wind_gusts_10m: null });
    expect(body).to.have.property("current_units").that.includes({ wind_speed_10m: "km/h" });
  });

  it("answers several locations with an array, and counts the readings served", () => {
    const { body } = forecast("latitude=-22.9068,-30.0536&longitude=-43.1729,-51.1747&current=rain");

    expect(body).to.be.an("array").with.length(2);
    expect(body).to.have.nested.property("[0].current.rain", null);
    expect(body).to.not.have.nested.property("[0].location_id");
    expect(body).to.have.nested.property("[1].current.rain", 6.45);
    expect(body).to.have.nested.property("[1].location_id", 1);
    expect(recording.served()).to.deep.equal({ observations: 1, missing: 0, repeated: 0, unrecorded: 1 });
  });

  for (const [query, reason] of [
    [HERE, /^current is missing/],
    [`${HERE}&current=humidity`, /^current is "humidity"; allowed: temperature_2m,/],
    [`${HERE}&current=toString`, /^current is "toString"/],
    ["latitude=1&longitude=2,3&current=rain", /^1 latitudes and 2 longitudes/],
    ["latitude=1&longitude=2&current=rain", /is "1,2"; allowed: within 0\.01°/],
    ["current=rain", /^latitude,longitude is ","/],
    [`${HERE}&current=rain&wind_speed_unit=kn`, /^wind_speed_unit is "kn"; allowed: kmh, ms/],
    [`${HERE}&current=rain&timezone=America/Sao_Paulo`, /^timezone is "America\/Sao_Paulo"; allowed: GMT/],
  ] as const) {
    it(`rejects ?${query}`, () => {
      const { status, body } = forecast(query);

      expect(status).to.equal(400);
      expect(body).to.have.property("error", true);
      expect(body).to.have.property("reason").that.matches(reason);
      expect(recording.served()).to.deep.equal({ observations: 0, missing: 0, repeated: 0, unrecorded: 0 });
    });
  }
});
