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

  async function source(...answers: readonly Answer[]) {
    server = await serve(...answers);
    http = createHttp({ sleep: async () => undefined, retries: 0 });
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

  it("passes on what is not as documented", async () => {
    const odd = { ...place, current: { ...place.current, temperature_2m: "19.4" } };
    const openMeteo = await source(answer(200, odd));
    const [result] = await openMeteo.realtime([portoAlegre]);
    expect(result).to.have.deep.property("payload", { data: odd });
  });

  it("fails for the places it leaves out", async () => {
    const openMeteo = await source(answer(200, [place]));
    const [first, second] = await openMeteo.realtime([portoAlegre, rioGrande]);
    expect(first).to.include({ ok: true });
    expect(second).to.have.nested.property("error.message", "Open-Meteo's answer leaves out rio-grande");
  });

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
