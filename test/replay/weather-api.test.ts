import { expect } from "chai";
import { ReplayError } from "../../replay/error.ts";
import { startWeatherApi, type WeatherApi, type WeatherApiOptions } from "../../replay/weather-api.ts";
import { PORTO_ALEGRE, RIO, reading } from "./support.ts";

const KEY = "a-key";
const RAIN = reading("2024-04-30T11:00:00Z", { rainIntensity: 25.8, temperature: 19.4, windSpeed: 2.5 });
const GAP = reading("2024-04-30T12:00:00Z");
const LATER = reading("2024-04-30T15:00:00Z", { rainIntensity: 0 });
const FLOOD = { file: "flood.csv", location: PORTO_ALEGRE, readings: [RAIN, GAP, LATER] };

interface Json {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

describe("weather API of a replay", () => {
  let api: WeatherApi | undefined;
  let now = new Date("2024-04-30T11:00:00Z");

  const start = async (options: Partial<WeatherApiOptions> = {}) => {
    const defaults = { series: [FLOOD], locations: [PORTO_ALEGRE, RIO], now: () => now, apiKey: KEY };
    api = await startWeatherApi({ ...defaults, ...options });
    return api;
  };
  const get = async (path: string, init: RequestInit = {}): Promise<Json> => {
    const response = await fetch(`${api?.url}${path}`, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const realtime = (location = "-30.0536,-51.1747", rest = `&units=metric&apikey=${KEY}`) =>
    get(`/v4/weather/realtime?location=${location}${rest}`);

  beforeEach(() => {
    now = new Date("2024-04-30T11:00:00Z");
  });
  afterEach(async () => {
    await api?.stop();
    api = undefined;
  });

  describe("Tomorrow.io", () => {
    it("answers the current reading in the API's shape", async () => {
      await start();

      const { status, headers, body } = await realtime();

      expect(status).to.equal(200);
      expect(headers.get("content-type")).to.match(/^application\/json/);
      expect(body).to.deep.equal({
        data: { time: "2024-04-30T11:00:00Z", values: RAIN.values },
        location: { lat: -30.0536, lon: -51.1747, name: "Porto Alegre", type: "administrative" },
      });
    });

    it("answers each reading as time passes, and repeats the last one after it", async () => {
      await start();
      const times: unknown[] = [];

      for (const time of ["11:59:59", "12:00:00", "14:00:00", "15:00:00", "23:00:00"]) {
        now = new Date(`2024-04-30T${time}Z`);
        times.push(((await realtime()).body as { data: { time: string } }).data.time);
      }

      expect(times).to.deep.equal(["11", "12", "12", "15", "15"].map((hour) => `2024-04-30T${hour}:00:00Z`));
      expect(api?.served()).to.deep.equal({ observations: 2, missing: 1, repeated: 2, unrecorded: 0 });
    });

    it("answers the full hour without values before the recording begins, and without a recording", async () => {
      await start();
      now = new Date("2024-04-30T10:59:30Z");

      const before = await realtime();
      const elsewhere = await realtime("-22.9068,-43.1729");

      for (const { status, body } of [before, elsewhere]) {
        expect(status).to.equal(200);
        expect(body)
          .to.have.property("data")
          .deep.equal({ time: "2024-04-30T10:00:00Z", values: GAP.values });
      }
      expect(api?.served()).to.deep.equal({ observations: 0, missing: 0, repeated: 0, unrecorded: 2 });
    });

    it("finds the nearest location within a hundredth of a degree", async () => {
      const near = { ...PORTO_ALEGRE, id: "near", name: "Near", latitude: PORTO_ALEGRE.latitude + 0.012 };
      await start({ locations: [near, PORTO_ALEGRE] });

      const names = [];
      for (const location of ["-30.0636,-51.1747", "-30.05,-51.17", "-30.0436,-51.1747"]) {
        names.push(((await realtime(location)).body as { location: { name: string } }).location.name);
      }

      expect(names).to.deep.equal(["Porto Alegre", "Porto Alegre", "Near"]);
      expect((await realtime("-30.0637,-51.1747")).status).to.equal(400);
    });

    it("also takes the key from a header, and rejects any other key", async () => {
      await start();

      expect((await realtime(undefined, "")).status).to.equal(401);
      const { status, body } = await realtime(undefined, "&apikey=another");
      expect(status).to.equal(401);
      expect(body).to.include({ code: 401001, type: "Invalid Auth" }).and.to.have.property("message");
      const path = "/v4/weather/realtime?location=-30.0536,-51.1747";
      expect((await get(path, { headers: { apikey: KEY } })).status).to.equal(200);
    });

    for (const location of ["", "toronto", "-30.0536", "-30.0536,-51.1747,0", "0x1,2", "10,10"]) {
      it(`rejects the location "${location}"`, async () => {
        await start();

        const { status, body } = await realtime(location);

        expect(status).to.equal(400);
        expect(body).to.include({ code: 400001 });
        expect(body).to.have.property("message").that.includes(JSON.stringify(location));
        expect(api?.served().observations).to.equal(0);
      });
    }

    it("rejects other units", async () => {
      await start();

      const { status, body } = await realtime(undefined, `&units=imperial&apikey=${KEY}`);

      expect(status).to.equal(400);
      expect(body).to.have.property("message").that.includes('units is "imperial"; allowed: metric');
    });

    it("rejects other paths and methods", async () => {
      await start();

      expect(await get("/v4/weather/forecast")).to.include({ status: 404 });
      const { status, headers } = await get("/v4/weather/realtime", { method: "POST", body: "{}" });
      expect(status).to.equal(405);
      expect(headers.get("allow")).to.equal("GET");
    });
  });

  it("joins recordings of one location and rejects contradicting ones", async () => {
    const earlier = {
      file: "a.csv",
      location: PORTO_ALEGRE,
      readings: [reading("2024-04-30T09:00:00Z"), RAIN],
    };
    await start({ series: [FLOOD, earlier] });
    now = new Date("2024-04-30T10:00:00Z");
    expect((await realtime()).body).to.have.nested.property("data.time", "2024-04-30T09:00:00Z");

    const other = { file: "b.csv", location: PORTO_ALEGRE, readings: [{ ...RAIN, values: GAP.values }] };
    const error = await startWeatherApi({
      series: [FLOOD, other],
      locations: [PORTO_ALEGRE],
      now: () => now,
      apiKey: KEY,
    }).then(
      () => expect.fail("should have been refused"),
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(ReplayError);
    expect(error)
      .to.have.property("message")
      .that.matches(/^b\.csv: other values for 2024-04-30T11:00:00Z than flood/);
  });

  it("fails every n-th request when configured to", async () => {
    await start({ faults: { failEvery: 2, status: 429, retryAfterSeconds: 0 } });

    const answers = [await realtime(), await realtime(), await realtime(), await realtime()];

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 429, 200, 429]);
    expect(answers[1]?.headers.get("retry-after")).to.equal("0");
    expect(answers[1]?.body).to.include({ code: 429001, type: "Too Many Calls" });
    expect(api?.served()).to.include({ observations: 1, repeated: 1 });
  });

  it("releases its port when stopped, even with an open connection", async () => {
    const { url } = await start();
    await realtime();

    await api?.stop();
    api = undefined;

    const error = await fetch(url).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.have.nested.property("cause.code", "ECONNREFUSED");
  });
});
