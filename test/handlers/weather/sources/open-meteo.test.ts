import { expect } from "chai";
import { createHttp, type Http } from "../../../../handlers/weather/sources/http.ts";
import { createOpenMeteo } from "../../../../handlers/weather/sources/open-meteo.ts";
import { portoAlegre, rioGrande } from "../../support/places.ts";
import { type Answer, answer, type LocalServer, serve } from "./server.ts";

const place = {
  latitude: -30,
  longitude: -51.125,
  utc_offset_seconds: 0,
  timezone: "GMT",
  current_units: { time: "iso8601", interval: "seconds", temperature_2m: "°C" },
  current: {
    time: "2024-04-30T11:15",
    interval: 900,
    temperature_2m: 19.4,
    relative_humidity_2m: 95,
    precipitation_probability: null,
    precipitation: 2.5,
    rain: 1,
    showers: 0.5,
    snowfall: 0.7,
    weather_code: 63,
    wind_speed_10m: 2.1,
    wind_gusts_10m: 9.3,
    visibility: 4100,
  },
};

describe("Open-Meteo", () => {
  let server: LocalServer;
  let http: Http;

  const source = (...answers: readonly Answer[]) => sourceWithRetries(0, ...answers);

  async function sourceWithRetries(retries: number, ...answers: readonly Answer[]) {
    server = await serve(...answers);
    http = createHttp({ sleep: async () => undefined, retries });
    return createOpenMeteo({ http, baseUrl: server.url });
  }

  afterEach(async () => {
    await http.close();
    await server.stop();
  });

  it("answers for all places in one call, in the order asked", async () => {
    const openMeteo = await source(
      answer(200, [place, { ...place, current: { ...place.current, temperature_2m: 17 } }]),
    );
    const results = await openMeteo.realtime([portoAlegre, rioGrande]);
    expect(results.map(({ location }) => location.id)).to.deep.equal(["porto-alegre", "rio-grande"]);
    expect(results[1]).to.have.nested.property("payload.data.values.temperature", 17);
    expect(server.requests).to.have.lengthOf(1);
    const { searchParams } = new URL(server.requests[0]?.url ?? "", server.url);
    expect(searchParams.get("latitude")).to.equal("-30.0536,-32.0335");
    expect(searchParams.get("wind_speed_unit")).to.equal("ms");
    expect(searchParams.get("timezone")).to.equal("GMT");
  });

  it("is told in the record's names and units", async () => {
    const openMeteo = await source(answer(200, place));
    const [result] = await openMeteo.realtime([portoAlegre]);
    expect(result).to.have.deep.nested.property("payload.data.time", "2024-04-30T11:15:00Z");
    expect(result).to.have.nested.property("payload.data.values").that.deep.includes({
      temperature: 19.4,
      humidity: 95,
      precipitationProbability: null,
      rainIntensity: 6, // 1.5 mm in a quarter of an hour
      snowIntensity: 4, // 0.7 cm of snow are 1 mm of water, in a quarter of an hour
      weatherCode: 4001,
      windSpeed: 2.1,
      windGust: 9.3,
      visibility: 4.1,
      dewPoint: null,
    });
  });

  it("asks for the total of precipitation, and takes the rain from it when the parts are 0", async () => {
    const dry = { rain: 0, showers: 0, snowfall: 0 };
    const openMeteo = await source(answer(200, { ...place, current: { ...place.current, ...dry } }));
    const [result] = await openMeteo.realtime([portoAlegre]);
    expect(result).to.have.nested.property("payload.data.values.rainIntensity", 10);
    const asked = new URL(server.requests[0]?.url ?? "", server.url).searchParams.get("current")?.split(",");
    expect(asked).to.include.members(["precipitation", "rain", "showers", "snowfall"]);
  });

  it("passes on an answer whose time is not as documented, for quarantine", async () => {
    const odd = { ...place, current: { ...place.current, time: 1714475700 } };
    const openMeteo = await source(answer(200, odd));
    const [result] = await openMeteo.realtime([portoAlegre]);
    expect(result).to.have.deep.property("payload", { data: odd });
  });

  it("passes on a value that is not a number as it came, with the other values", async () => {
    const odd = {
      temperature_2m: "19.4",
      visibility: "far",
      weather_code: "Rain",
      precipitation: "1",
      rain: {},
    };
    const openMeteo = await source(answer(200, { ...place, current: { ...place.current, ...odd } }));
    const [result] = await openMeteo.realtime([portoAlegre]);
    expect(result).to.have.nested.property("payload.data.values").that.includes({
      temperature: "19.4",
      visibility: "far",
      weatherCode: "Rain",
      rainIntensity: null,
      windGust: 9.3,
    });
  });

  for (const interval of [0, null, "900", undefined]) {
    it(`knows no intensity when the interval is ${JSON.stringify(interval)}`, async () => {
      const openMeteo = await source(answer(200, { ...place, current: { ...place.current, interval } }));
      const [result] = await openMeteo.realtime([portoAlegre]);
      const expected = { rainIntensity: null, snowIntensity: null, windGust: 9.3 };
      expect(result).to.have.nested.property("payload.data.values").that.includes(expected);
    });
  }

  it("fails for the places it leaves out", async () => {
    const openMeteo = await source(answer(200, [place]));
    const [first, second] = await openMeteo.realtime([portoAlegre, rioGrande]);
    expect(first).to.include({ ok: true });
    expect(second).to.have.nested.property("error.message", "Open-Meteo's answer leaves out rio-grande");
  });

  it("loses only the value that is a bare nan, in whatever location", async () => {
    const body = JSON.stringify([place, place]).replace('"wind_gusts_10m":9.3', '"wind_gusts_10m":nan');
    const openMeteo = await source(answer(200, body));
    const [first, second] = await openMeteo.realtime([portoAlegre, rioGrande]);
    expect(first)
      .to.have.nested.property("payload.data.values")
      .that.includes({ windGust: null, windSpeed: 2.1 });
    expect(second).to.have.nested.property("payload.data.values.windGust", 9.3);
  });

  const elsewhere = '{"latitude":nan,"longitude":nan,"generationtime_ms":0.1}';
  for (const [name, odd, reason] of [
    ["an error", '{"error":true,"reason":"No data"}', "No data"],
    ["outside of the model", elsewhere, "no reason given"],
    ["null", "null", "no reason given"],
    ["a text", '"Unexpected error"', "no reason given"],
  ] as const) {
    it(`fails only for the location whose answer is ${name}`, async () => {
      const openMeteo = await source(answer(200, `[${odd},${JSON.stringify(place)}]`));
      const [first, second] = await openMeteo.realtime([portoAlegre, rioGrande]);
      expect(first).to.have.nested.property("error.name", "UnavailableError");
      expect(first).to.have.nested.property(
        "error.message",
        `Open-Meteo's answer has no weather for porto-alegre: ${reason}`,
      );
      expect(second).to.include({ ok: true });
      expect(server.requests).to.have.lengthOf(1);
    });
  }

  it("never gives a location the weather of another one when the answer leaves one out", async () => {
    const warm = { ...place, location_id: 2, current: { ...place.current, temperature_2m: 30 } };
    const openMeteo = await source(answer(200, [place, warm]));
    const results = await openMeteo.realtime([portoAlegre, rioGrande, { ...rioGrande, id: "chui" }]);
    expect(results.map(({ ok }) => ok)).to.deep.equal([true, false, true]);
    expect(results[2]).to.have.nested.property("payload.data.values.temperature", 30);
  });

  it("ignores answers that no location was asked for", async () => {
    const openMeteo = await source(answer(200, [place, { ...place, location_id: 1 }, place]));
    const results = await openMeteo.realtime([portoAlegre, rioGrande]);
    expect(results.map(({ ok }) => ok)).to.deep.equal([true, true]);
  });

  for (const [name, body] of [
    ["an error text", "Unexpected error while streaming data: timeoutReached"],
    ["an error text behind a location", `[${JSON.stringify(place)},{"latUnexpected error while streaming`],
    ["an error", { error: true, reason: "No data" }],
    ["errors only", [{ error: true, reason: "No data" }, null]],
  ] as const) {
    it(`tries again when the whole answer is ${name}`, async () => {
      const openMeteo = await sourceWithRetries(1, answer(200, body), answer(200, [place, place]));
      const results = await openMeteo.realtime([portoAlegre, rioGrande]);
      expect(results.map(({ ok }) => ok)).to.deep.equal([true, true]);
      expect(server.requests).to.have.lengthOf(2);
    });
  }

  it("fails for all places with its own reason", async () => {
    const openMeteo = await source(
      answer(400, { error: true, reason: "Latitude must be in range of -90 to 90°." }),
    );
    const results = await openMeteo.realtime([portoAlegre, rioGrande]);
    const messages = results.map((result) => (result.ok ? "" : result.error.message));
    const expected = "Open-Meteo answered 400: Latitude must be in range of -90 to 90°.";
    expect(messages).to.deep.equal([expected, expected]);
  });
});
