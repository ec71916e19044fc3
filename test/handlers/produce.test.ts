import { expect } from "chai";
import { createProduceHandler, ProduceError, ProduceOptionsError } from "../../handlers/produce.ts";
import { AuthenticationError, UnavailableError } from "../../handlers/weather/sources/errors.ts";
import type { Http, HttpRequest } from "../../handlers/weather/sources/http.ts";
import { createFakeKinesis, type FakeKinesis } from "./support/fake-kinesis.ts";
import { createFakeSsm, type FakeSsm } from "./support/fake-ssm.ts";
import { weatherRecord } from "./support/kinesis-event.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre, rioGrande } from "./support/places.ts";

const TIME = "2024-04-30T11:00:00Z";
const body = {
  data: { time: TIME, values: { temperature: 19.4 } },
  location: { lat: 0, lon: 0 },
};

describe("the produce handler", () => {
  let kinesis: FakeKinesis;
  let ssm: FakeSsm;
  let log: ReturnType<typeof createFakeLog>;
  let meter: ReturnType<typeof createFakeMeter>;

  beforeEach(() => {
    kinesis = createFakeKinesis();
    ssm = createFakeSsm(() => "k-1");
    log = createFakeLog();
    meter = createFakeMeter();
  });

  const handler = (get: (request: HttpRequest) => unknown) => {
    const http = (onAttempt: () => void): Http => ({
      get: async (request) => {
        onAttempt();
        return get(request);
      },
      close: async () => undefined,
    });
    const source = {
      provider: "tomorrow.io",
      baseUrl: "https://api.tomorrow.io",
      apiKeyParameter: "/key",
    } as const;
    return createProduceHandler(
      {
        streamName: "observations",
        locations: [portoAlegre, rioGrande],
        source,
        calls: { allowedPerDay: 1000, plannedPerDay: 576 },
      },
      { kinesis, ssm, http, log, meter, sleep: async () => undefined },
    );
  };
  const isRioGrande = ({ url }: HttpRequest) => url.searchParams.get("location") === "-32.0335,-52.0991";
  const records = () =>
    kinesis.accepted.map(({ Data, PartitionKey }) => [
      PartitionKey,
      JSON.parse(Buffer.from(Data ?? []).toString()),
    ]);

  it("puts one record of each place, keyed by the place", async () => {
    const report = await handler(() => body)({ time: TIME });
    expect(report).to.deep.equal({ polled: 2, put: 2, failed: [] });
    expect(records()).to.deep.equal([
      ["porto-alegre", weatherRecord(portoAlegre, TIME, { temperature: 19.4 })],
      ["rio-grande", weatherRecord(rioGrande, TIME, { temperature: 19.4 })],
    ]);
  });

  it("puts weather of an unexpected shape, for quarantine", async () => {
    await handler(() => ({ data: { hello: 1 } }))({});
    expect(records()[0]?.[1]).to.deep.include({ data: { hello: 1 }, source: "tomorrow.io" });
  });

  it("reports a place that fails, and puts the others", async () => {
    const report = await handler((request) => {
      if (isRioGrande(request))
        throw new UnavailableError("Tomorrow.io answered 503: maintenance", { status: 503 });
      return body;
    })({ id: "poll-1" });
    const failure = {
      location: "rio-grande",
      error: "UnavailableError: Tomorrow.io answered 503: maintenance",
    };
    expect(report).to.deep.equal({ polled: 1, put: 1, failed: [failure] });
    expect(log.lines.filter(({ level }) => level === "error").map(({ details }) => details)).to.deep.equal([
      { pollId: "poll-1", ...failure },
    ]);
  });

  it("reports a record that could not be put", async () => {
    kinesis.refuse = ({ PartitionKey }) => (PartitionKey === "rio-grande" ? "InternalFailure" : undefined);
    const report = await handler(() => body)({});
    expect(report).to.deep.equal({
      polled: 2,
      put: 1,
      failed: [{ location: "rio-grande", error: "InternalFailure: refused" }],
    });
  });

  it("fails when nothing could be put", async () => {
    const failing = handler(() => {
      throw new AuthenticationError("Tomorrow.io answered 401: Invalid Auth", { status: 401 });
    });
    const error = await failing({}).catch((caught: unknown) => caught);
    expect(error)
      .to.be.instanceOf(ProduceError)
      .with.property("message")
      .that.matches(/2 failed, first porto-alegre: .*401/);
  });

  it("fails when the stream does not answer", async () => {
    kinesis.refuse = () => {
      throw new Error("connection refused");
    };
    const error = await handler(() => body)({}).catch((caught: unknown) => caught);
    expect(error)
      .to.be.instanceOf(ProduceError)
      .with.property("message")
      .that.matches(/connection refused/);
  });

  it("reads the API key at init, and again when it is refused", async () => {
    const keys: (string | null)[] = [];
    const handle = handler(({ url }) => {
      const key = url.searchParams.get("apikey");
      keys.push(key);
      if (key !== "k-2") throw new AuthenticationError("refused", { status: 401 });
      return body;
    });
    expect(ssm.reads).to.have.lengthOf(1);
    ssm.value = () => "k-2";
    await handle({});
    expect(keys).to.deep.equal(["k-1", "k-1", "k-2", "k-2"]);
    expect(ssm.reads).to.have.lengthOf(2);
  });

  it("says in each record which poll it came from, and logs it", async () => {
    await handler(() => body)({ id: "poll-1", time: TIME });
    const traces = records().map(([, record]) => record.trace);
    expect(traces).to.deep.equal([
      { poll: "poll-1", time: TIME },
      { poll: "poll-1", time: TIME },
    ]);
    expect(log.lines.at(-1)).to.deep.include({ message: "produced" });
    expect(log.lines.at(-1)?.details).to.include({ pollId: "poll-1", put: 2 });
  });

  it("names X-Ray's trace in the record, where there is one", async () => {
    process.env._X_AMZN_TRACE_ID =
      "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1";
    await handler(() => body)({ id: "poll-1" }).finally(() => delete process.env._X_AMZN_TRACE_ID);
    expect(records()[0]?.[1].trace).to.deep.equal({
      poll: "poll-1",
      xray: "1-67891233-abcdef012345678912345678",
    });
  });

  it("counts what it sent, what failed, its calls and those that are left", async () => {
    const handle = handler((request) => {
      if (isRioGrande(request)) throw new UnavailableError("Tomorrow.io answered 503", { status: 503 });
      return body;
    });
    await handle({ time: "2024-04-30T12:00:00Z" });
    await handle({ time: "2024-04-30T12:05:00Z" });
    await handle({ time: "2024-05-01T00:00:00Z" });
    const counts = { ObservationsSent: 1, ObservationsFailed: 1, ApiCalls: 2 };
    // Half of the 576 planned calls were due at noon, of a plan of 1000.
    expect(meter.published).to.deep.equal([
      { ...counts, ApiCallsLeftToday: 1000 - 288 - 2 },
      { ...counts, ApiCallsLeftToday: 1000 - 288 - 4 },
      { ...counts, ApiCallsLeftToday: 1000 - 2 },
    ]);
  });

  it("publishes its counts when it fails, too", async () => {
    const failing = handler(() => {
      throw new AuthenticationError("Tomorrow.io answered 401", { status: 401 });
    });
    await failing({}).catch(() => undefined);
    expect(meter.published).to.deep.equal([{ ObservationsSent: 0, ObservationsFailed: 2, ApiCalls: 2 }]);
  });

  it("needs the name of the key's parameter", () => {
    const source = { provider: "tomorrow.io", baseUrl: "https://api.tomorrow.io" } as const;
    const create = () => createProduceHandler({ streamName: "s", locations: [], source }, { kinesis, log });
    expect(create).to.throw(ProduceOptionsError, /apiKeyParameter is missing/);
  });
});
