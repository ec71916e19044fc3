import { expect } from "chai";
import type { HttpOptions } from "../../../../handlers/http/http-client.ts";
import {
  AuthenticationError,
  BadRequestError,
  QuotaError,
  SourceError,
  UnavailableError,
} from "../../../../handlers/weather/sources/errors.ts";
import { createHttp, type Http, NO_WEATHER } from "../../../../handlers/weather/sources/http.ts";
import { type Answer, answer, type LocalServer, reset, serve, stall } from "./server.ts";

const ok = answer(200, { weather: "fine" });

describe("HTTP to a weather service", () => {
  let server: LocalServer;
  let http: Http;
  let waits: number[];

  async function setUp(answers: readonly Answer[], options: HttpOptions = {}) {
    server = await serve(...answers);
    waits = [];
    const sleep = async (ms: number) => {
      waits.push(ms);
    };
    http = createHttp({ sleep, random: () => 0.5, ...options });
  }

  const get = (secrets: readonly string[] = []) =>
    http.get({
      url: new URL("/weather?apikey=s3cret%2Bkey", server.url),
      service: "Weather",
      judge: (json) => (json instanceof Object && "weather" in json ? 200 : NO_WEATHER),
      explain: (json) => (typeof json === "string" ? json : undefined),
      secrets,
    });

  const failure = async (secrets: readonly string[] = []): Promise<SourceError> => {
    const error = await get(secrets).catch((caught: unknown) => caught);
    if (error instanceof SourceError) return error;
    throw new Error(`a SourceError was expected, found ${String(error)}`);
  };

  afterEach(async () => {
    await http.close();
    await server.stop();
  });

  it("waits as long as Retry-After says", async () => {
    await setUp([answer(429, '"slow down"', { "retry-after": "2" }), ok]);
    expect(await get()).to.deep.equal({ weather: "fine" });
    expect(waits).to.deep.equal([2250]);
  });

  it("understands a date in Retry-After", async () => {
    const headers = { date: "Tue, 30 Apr 2024 11:00:00 GMT", "retry-after": "Tue, 30 Apr 2024 11:00:04 GMT" };
    await setUp([answer(503, "", headers), ok]);
    expect(await get()).to.deep.equal({ weather: "fine" });
    expect(waits).to.deep.equal([4250]);
  });

  it("does not wait for a quota that comes back later than the function lives", async () => {
    await setUp([answer(429, "hourly limit", { "retry-after": "1800" }), ok]);
    expect(await failure())
      .to.be.instanceOf(QuotaError)
      .and.include({ status: 429 });
    expect(server.requests).to.have.lengthOf(1);
  });

  it("tries again on 5xx and on a cut connection, with growing jittered waits", async () => {
    await setUp([answer(500, ""), reset(), answer(502, ""), ok]);
    expect(await get()).to.deep.equal({ weather: "fine" });
    expect(waits).to.deep.equal([250, 500, 1000]);
  });

  it("gives up after its retries", async () => {
    await setUp([answer(503, '"maintenance"')], { retries: 2 });
    const error = await failure();
    expect(error)
      .to.be.instanceOf(UnavailableError)
      .and.include({ message: "Weather answered 503: maintenance" });
    expect(server.requests).to.have.lengthOf(3);
  });

  it("gives up on a body that does not end", async () => {
    await setUp([stall()], { retries: 1, attemptTimeoutMs: 60 });
    const error = await failure();
    expect(error).to.be.instanceOf(UnavailableError).and.have.property("cause");
    expect(server.requests).to.have.lengthOf(2);
  });

  it("tries again after a body that did not end", async () => {
    await setUp([stall(), ok], { attemptTimeoutMs: 200 });
    expect(await get()).to.deep.equal({ weather: "fine" });
  });

  const withoutWeather: readonly [string, string][] = [
    ["a text", "Unexpected error while streaming data: timeoutReached"],
    ["a page of a proxy", "<html><body>Just a moment…</body></html>"],
    ["JSON that was cut off", '{"weather":"fi'],
    [
      "an error behind the beginning of the weather",
      '{"weather":{"rain":Unexpected error while streaming data',
    ],
    ["no body", ""],
    ["JSON without weather", '{"hello":1}'],
    ["JSON null", "null"],
  ];
  for (const [name, body] of withoutWeather) {
    it(`tries again when a 2xx answer is ${name}`, async () => {
      await setUp([answer(200, body), ok]);
      expect(await get()).to.deep.equal({ weather: "fine" });
      expect(waits).to.deep.equal([250]);
    });

    it(`fails when a 2xx answer stays ${name}`, async () => {
      await setUp([answer(200, body)], { retries: 2 });
      const error = await failure();
      expect(error).to.be.instanceOf(UnavailableError);
      expect(error.message).to.equal(`Weather answered 200 without weather: ${JSON.stringify(body)}`);
      expect(server.requests).to.have.lengthOf(3);
    });
  }

  it("reads a text that does not end in one pass, whatever quotes it has", async () => {
    await setUp([answer(200, '"\\'.repeat(300_000))], { retries: 0 });
    expect(await failure()).to.be.instanceOf(UnavailableError);
  });

  it("quotes the beginning of a long body, and never the key in it", async () => {
    await setUp([answer(200, `${"x".repeat(195)} s3cret+key ${"y".repeat(1000)}`)], { retries: 0 });
    const { message } = await failure(["s3cret+key"]);
    expect(message).to.equal(`Weather answered 200 without weather: "${"x".repeat(195)} *** …"`);
  });

  it("reads a bare number that JSON does not know as unknown, and texts as they are", async () => {
    const weather = '{"a":nan,"b":[NaN,-Infinity,+inf,-1.5],"nan":"nan, \\"inf\\" and -Infinity","c":"\\\\"}';
    await setUp([answer(200, `{"weather":${weather}}`)]);
    expect(await get()).to.deep.equal({
      weather: { a: null, b: [null, null, null, -1.5], nan: 'nan, "inf" and -Infinity', c: "\\" },
    });
    expect(server.requests).to.have.lengthOf(1);
  });

  for (const [status, type] of [
    [400, BadRequestError],
    [401, AuthenticationError],
    [403, AuthenticationError],
    [404, BadRequestError],
    [302, BadRequestError],
  ] as const) {
    it(`does not try again on ${status}`, async () => {
      await setUp([answer(status, "no")]);
      expect(await failure())
        .to.be.instanceOf(type)
        .and.include({ status });
      expect(server.requests).to.have.lengthOf(1);
    });
  }

  it("never tells the key, even when the service quotes the request", async () => {
    await setUp([answer(400, '"bad request /weather?apikey=s3cret%2Bkey of key s3cret+key"')]);
    const { message } = await failure(["s3cret+key"]);
    expect(message).to.equal("Weather answered 400: bad request /weather?apikey=*** of key ***");
  });

  it("keeps its connection, and its requests per connection one at a time", async () => {
    await setUp([ok], { connections: 2 });
    await Promise.all([get(), get(), get(), get(), get(), get()]);
    expect(new Set(server.requests.map(({ socket }) => socket.remotePort)).size).to.be.at.most(2);
  });

  it("does not count the wait for a connection as time of the attempt", async () => {
    const slow: Answer = (response) => {
      setTimeout(() => response.end('{"weather":"fine"}'), 60);
    };
    await setUp([slow], { connections: 1, retries: 0, attemptTimeoutMs: 200 });
    const answers = await Promise.all([get(), get(), get(), get(), get()]);
    expect(answers).to.deep.equal(Array(5).fill({ weather: "fine" }));
  });
});
