import { readFileSync } from "node:fs";
import { expect } from "chai";
import { createHttp, type Http } from "../../../../handlers/weather/sources/http.ts";
import type { ApiKey } from "../../../../handlers/weather/sources/tomorrow-io.ts";
import { createTomorrowIo } from "../../../../handlers/weather/sources/tomorrow-io.ts";
import { portoAlegre, rioGrande } from "../../support/places.ts";
import { type Answer, answer, type LocalServer, serve } from "./server.ts";

const realtime = JSON.parse(
  readFileSync(new URL("../../events/realtime.json", import.meta.url), "utf-8"),
) as { data: unknown };

describe("Tomorrow.io", () => {
  let server: LocalServer;
  let http: Http;

  const fixedKey: ApiKey = { get: async () => "k-123", refresh: async () => "k-123" };

  async function source(answers: readonly Answer[], apiKey = fixedKey) {
    server = await serve(...answers);
    http = createHttp({ sleep: async () => undefined, retries: 1 });
    return createTomorrowIo({ http, baseUrl: server.url, apiKey });
  }

  afterEach(async () => {
    await http.close();
    await server.stop();
  });

  it("is asked for each place in metric units", async () => {
    const tomorrowIo = await source([answer(200, realtime)]);
    const results = await tomorrowIo.realtime([portoAlegre, rioGrande]);
    expect(results).to.deep.equal([
      { ok: true, location: portoAlegre, payload: { data: realtime.data } },
      { ok: true, location: rioGrande, payload: { data: realtime.data } },
    ]);
    const urls = server.requests.map(({ url = "" }) => new URL(url, server.url));
    expect(urls.map(({ pathname }) => pathname)).to.deep.equal([
      "/v4/weather/realtime",
      "/v4/weather/realtime",
    ]);
    expect(urls.map(({ searchParams }) => Object.fromEntries(searchParams))).to.have.deep.members([
      { location: "-30.0536,-51.1747", units: "metric", apikey: "k-123" },
      { location: "-32.0335,-52.0991", units: "metric", apikey: "k-123" },
    ]);
  });

  it("may fail for one place and answer for another", async () => {
    const tomorrowIo = await source([
      (response, request) =>
        request.url?.includes("-32.0335")
          ? answer(400, { code: 400001, type: "Invalid Body Parameters", message: "location k-123" })(
              response,
              request,
            )
          : answer(200, realtime)(response, request),
    ]);
    const [first, second] = await tomorrowIo.realtime([portoAlegre, rioGrande]);
    expect(first).to.include({ ok: true });
    expect(second).to.have.nested.property(
      "error.message",
      "Tomorrow.io answered 400: Invalid Body Parameters (400001): location ***",
    );
  });

  it("passes on weather of an unexpected shape, for quarantine", async () => {
    const tomorrowIo = await source([answer(200, { data: { hello: 1 } })]);
    const [result] = await tomorrowIo.realtime([portoAlegre]);
    expect(result).to.have.deep.property("payload", { data: { hello: 1 } });
  });

  it("loses only the value that is a bare nan", async () => {
    const tomorrowIo = await source([
      answer(200, '{"data":{"time":"2024-04-30T11:00:00Z","values":{"windGust":nan,"rainIntensity":4.2}}}'),
    ]);
    const [result] = await tomorrowIo.realtime([portoAlegre]);
    expect(result).to.have.deep.nested.property("payload.data.values", {
      windGust: null,
      rainIntensity: 4.2,
    });
  });

  for (const [code, name, requests] of [
    [429001, "QuotaError", 2],
    [500001, "UnavailableError", 2],
    [401001, "AuthenticationError", 1],
    [400001, "BadRequestError", 1],
    [7, "UnavailableError", 2],
  ] as const) {
    it(`takes an error ${code} in a 2xx answer as a ${name}`, async () => {
      const tomorrowIo = await source([answer(200, { code, type: "Some Type", message: "why, k-123" })]);
      const [result] = await tomorrowIo.realtime([portoAlegre]);
      expect(result).to.have.nested.property("error.name", name);
      expect(result).to.have.nested.property(
        "error.message",
        `Tomorrow.io answered 200 without weather: Some Type (${code}): why, ***`,
      );
      expect(server.requests).to.have.lengthOf(requests);
    });
  }

  it("is asked again with a renewed key when a 2xx answer refuses it", async () => {
    const refusal = answer(200, { code: 401001, type: "Invalid Auth", message: "no" });
    const renewed: ApiKey = { get: async () => "old", refresh: async (refused) => `${refused}-new` };
    const tomorrowIo = await source([refusal, answer(200, realtime)], renewed);
    const [result] = await tomorrowIo.realtime([portoAlegre]);
    expect(result).to.have.deep.property("payload", { data: realtime.data });
    expect(server.requests[1]?.url).to.include("apikey=old-new");
  });

  it("is asked once more with a renewed key", async () => {
    const refusal = answer(401, {
      code: 401001,
      type: "Invalid Auth",
      message: "The method requires authentication",
    });
    const renewed: ApiKey = { get: async () => "old", refresh: async (refused) => `${refused}-new` };
    const tomorrowIo = await source([refusal, answer(200, realtime)], renewed);
    const [result] = await tomorrowIo.realtime([portoAlegre]);
    expect(result).to.include({ ok: true });
    expect(server.requests[1]?.url).to.include("apikey=old-new");
  });

  it("is not asked again with the same key", async () => {
    const refusal = answer(401, { code: 401001, type: "Invalid Auth", message: "no" });
    const tomorrowIo = await source([refusal]);
    const [result] = await tomorrowIo.realtime([portoAlegre]);
    expect(result).to.have.nested.property("error.name", "AuthenticationError");
    expect(server.requests).to.have.lengthOf(1);
  });
});
