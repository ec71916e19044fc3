import { expect } from "chai";
import { createHttp } from "../../handlers/weather/sources/http.ts";
import { createOpenMeteo } from "../../handlers/weather/sources/open-meteo.ts";
import type { WeatherSource } from "../../handlers/weather/sources/source.ts";
import { createTomorrowIo } from "../../handlers/weather/sources/tomorrow-io.ts";
import { startWeatherApi, type WeatherApi } from "../../replay/weather-api.ts";
import { PORTO_ALEGRE, RIO, reading } from "./support.ts";

const LOCATIONS = [PORTO_ALEGRE, RIO].map((place) => ({ ...place, timeZone: "America/Sao_Paulo" }));
const RECORDED = reading("2024-04-30T11:00:00Z", {
  rainIntensity: 25.8,
  pressureSurfaceLevel: 1005.5,
  temperature: 19.6,
  dewPoint: 17.2,
  humidity: 86,
  windDirection: 84,
  windGust: 3.6,
  windSpeed: 0.9,
});

type Client = (baseUrl: string) => WeatherSource;

const CLIENTS: Readonly<Record<string, Client>> = {
  "Tomorrow.io": (baseUrl) => {
    const get = async () => "a-key";
    return createTomorrowIo({ http: createHttp({ baseDelayMs: 1 }), baseUrl, apiKey: { get, refresh: get } });
  },
  "Open-Meteo": (baseUrl) => createOpenMeteo({ http: createHttp({ baseDelayMs: 1 }), baseUrl }),
};

for (const [name, createClient] of Object.entries(CLIENTS)) {
  describe(`the ${name} client on a replay's weather API`, () => {
    let api: WeatherApi;
    let client: WeatherSource;
    before(async () => {
      api = await startWeatherApi({
        series: [{ file: "flood.csv", location: PORTO_ALEGRE, readings: [RECORDED] }],
        locations: LOCATIONS,
        now: () => new Date("2024-04-30T11:20:00Z"),
        apiKey: "a-key",
        faults: { failEvery: 2, status: 500, retryAfterSeconds: 0 },
      });
      client = createClient(api.url);
    });
    after(async () => {
      await client.close();
      await api.stop();
    });

    it("retries failures and gets the recorded values, or null where nothing was recorded", async () => {
      await client.realtime(LOCATIONS);
      const [here, elsewhere] = await client.realtime(LOCATIONS);

      expect(here).to.have.nested.property("payload.data.time", "2024-04-30T11:00:00Z");
      expect(here).to.have.nested.property("payload.data.values").that.includes(RECORDED.values);
      expect(elsewhere).to.have.nested.property("payload.data.time", "2024-04-30T11:00:00Z");
      expect(elsewhere).to.have.nested.property("payload.data.values.rainIntensity", null);
      expect(elsewhere).to.have.nested.property("payload.data.values.temperature", null);
      expect(api.served()).to.deep.equal({ observations: 1, missing: 0, repeated: 1, unrecorded: 2 });
    });
  });
}
