import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { addSeconds } from "date-fns/addSeconds";
import { stringify } from "yaml";
import { NO_VALUES } from "../../replay/measures.ts";
import { startWeatherApi } from "../../replay/weather-api.ts";
import { runCommandLine } from "../cli/command-line.ts";
import { plantedProject } from "./planted-project.ts";

const LOCATION = { name: "Porto Alegre", latitude: -30.0536, longitude: -51.1747 };

describe("npm start -- --live", function () {
  this.timeout(120_000);
  let project: Awaited<ReturnType<typeof plantedProject>>;
  const servers: Server[] = [];

  beforeEach(async () => {
    project = await plantedProject();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    await project.remove();
  });

  /** A server in the place of the weather API. */
  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A live run that Ctrl-C ends once it has said something, or that ends after so many seconds. */
  async function live(config: object, { end, seconds = 300 }: { end?: RegExp; seconds?: number }) {
    const stack = {
      "aws:region": "us-east-1",
      "stormwire:locations": { "porto-alegre": { ...LOCATION, timeZone: "America/Sao_Paulo" } },
      "stormwire:protect": false,
      ...config,
    };
    await writeFile(join(project.path, "Pulumi.live.yaml"), stringify({ config: stack }));
    const until = addSeconds(new Date(), seconds).toISOString();
    const argv = ["--live", "--stack", "live", "--out", join(project.path, "run"), "--until", until];
    let log = "";
    const { code, out } = await runCommandLine(["start", ...argv], {
      projectDirectory: project.path,
      error: (text) => {
        log += text;
        if (end?.test(text)) process.emit("SIGINT");
      },
    });
    return { code, out, log, last: out.trimEnd().split("\n").at(-1) };
  }

  it("polls Open-Meteo without a key, says so, and shows each observation", async () => {
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
    const location = { id: "porto-alegre", ...LOCATION };
    const reading = {
      time: hour,
      values: { ...NO_VALUES, temperature: 21.4, humidity: 83, windGust: 5, rainIntensity: 0 },
    };
    const api = await startWeatherApi({
      series: [{ file: "now", location, readings: [reading] }],
      locations: [location],
      now: () => new Date(),
      apiKey: "unused",
    });
    try {
      const { code, log, last } = await live(
        {
          "stormwire:apiKey": "local",
          "stormwire:poll": "rate(1 hour)",
          "stormwire:source": { provider: "tomorrow.io", baseUrl: api.url },
        },
        { end: /21\.4 °C/ },
      );

      expect(log).to.include(
        "Polling Open-Meteo, which needs no key; set TOMORROW_API_KEY to poll Tomorrow.io; rate(5 minutes), from now on\n",
      );
      expect(log).to.match(
        /^ {2}\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}porto-alegre {2}.*21\.4 °C.*83 %.*18 km\/h/m,
      );
      expect(code, log).to.equal(0);
      expect(last).to.match(/^Nothing was lost/);
    } finally {
      await api.stop();
    }
  });

  const OPEN_METEO = (baseUrl: string) => ({ "stormwire:source": { provider: "open-meteo", baseUrl } });

  it("shows a refused key at once, and is not a success", async () => {
    const baseUrl = await serve((_, response) =>
      response
        .writeHead(401, { "content-type": "application/json" })
        .end('{"code":401001,"type":"Invalid Auth","message":"The key is wrong."}'),
    );

    const { code, log, last } = await live(
      { "stormwire:apiKey": "a-key", "stormwire:source": { provider: "tomorrow.io", baseUrl } },
      { end: /no observation/ },
    );

    expect(log).to.match(
      /UTC {2}porto-alegre {2}no observation: AuthenticationError: Tomorrow\.io answered 401: .*wrong/,
    );
    expect(log).not.to.include("apikey=");
    expect(code).to.equal(1);
    expect(last).to.match(/^No observation arrived: /);
  });

  it("shows a page with status 200 as an error", async () => {
    const baseUrl = await serve((_, response) =>
      response
        .writeHead(200, { "content-type": "text/html" })
        .end("<!doctype html>\u001b[31m<p>Log in to the network"),
    );

    const { code, log, last } = await live(OPEN_METEO(baseUrl), { end: /without JSON/ });

    expect(log).to.match(/UTC {2}Open-Meteo: answered 200 without JSON: "<!doctype html>/);
    expect(log).not.to.include("\u001b[31m");
    expect([code, last?.split(":")[0]]).to.deep.equal([1, "No observation arrived"]);
  });

  it("shows a refused connection", async () => {
    const baseUrl = await serve(() => undefined);
    servers.pop()?.close();

    const { code, log, last } = await live(OPEN_METEO(baseUrl), { end: /no answer/ });

    expect(log).to.match(/UTC {2}Open-Meteo: no answer: connect ECONNREFUSED/);
    expect([code, last?.split(":")[0]]).to.deep.equal([1, "No observation arrived"]);
  });

  for (const [name, end] of [
    ["Ctrl-C", { end: /Open-Meteo: no answer within/ }],
    ["--until", { seconds: 20 }],
  ] as const) {
    it(`does not wait for a server that hangs once the end has come: ${name}`, async () => {
      let requests = 0;
      const baseUrl = await serve(() => {
        requests += 1;
      });

      const { code, log, last } = await live(OPEN_METEO(baseUrl), end);

      expect(log).to.match(/no observation: .*answered 410: the run has ended/);
      expect(requests, "attempts before the end, of four").to.be.below(4);
      expect([code, last?.split(":")[0]]).to.deep.equal([1, "No observation arrived"]);
    });
  }
});
