import { expect } from "chai";
import { livePoll, liveSource } from "../../../cli/start/live-config.ts";
import { parseConfig } from "../../../config/check.ts";

const LOCATION = { name: "P", latitude: -30, longitude: -51, timeZone: "America/Sao_Paulo" };

/** The config that a live run of a stack polls with. */
function live(config: Record<string, string>, environment: { TOMORROW_API_KEY?: string }, places = 1) {
  const locations = Object.fromEntries(Array.from({ length: places }, (_, index) => [`p${index}`, LOCATION]));
  const given = { "stormwire:locations": JSON.stringify(locations), ...config };
  const { overrides, reason } = liveSource(given, environment);
  const texts = Object.entries(overrides).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const parsed = parseConfig({ ...given, ...Object.fromEntries(texts) }, "local");
  return { ...parsed, poll: reason === undefined ? parsed.poll : livePoll(parsed), reason };
}

describe("the source of a live run", () => {
  const HOURLY = { "stormwire:apiKey": "local", "stormwire:poll": "rate(1 hour)" };

  it("is Open-Meteo without a key, with the plan of Open-Meteo", () => {
    const { source, reason, poll } = live(HOURLY, {});

    expect(source).to.deep.include({ provider: "open-meteo", callsPerDay: 9_999 });
    expect(reason).to.equal("which needs no key; set TOMORROW_API_KEY to poll Tomorrow.io");
    expect(poll).to.equal("rate(5 minutes)");
    expect(live({}, { TOMORROW_API_KEY: "" }).source.provider).to.equal("open-meteo");
  });

  it("is Tomorrow.io with a key from the environment, polled as often as its plan allows", () => {
    const polls = [1, 2, 4, 30].map((places) => live(HOURLY, { TOMORROW_API_KEY: "real" }, places).poll);

    expect(live(HOURLY, { TOMORROW_API_KEY: "real" })).to.deep.include({
      apiKey: "real",
      reason: "with TOMORROW_API_KEY",
    });
    expect(polls).to.deep.equal(["rate(5 minutes)", "rate(10 minutes)", "rate(15 minutes)", "rate(1 hour)"]);
  });

  it("is the stack's own when it has a key or needs none, and its poll stays", () => {
    const own = live({ "stormwire:apiKey": "abc", "stormwire:poll": "rate(1 hour)" }, {});
    const keyless = live(
      { "stormwire:source": '{"provider":"open-meteo"}', "stormwire:poll": "rate(2 hours)" },
      { TOMORROW_API_KEY: "real" },
    );

    expect(own).to.deep.include({ apiKey: "abc", poll: "rate(1 hour)", reason: undefined });
    expect(own.source.provider).to.equal("tomorrow.io");
    expect(keyless).to.deep.include({ poll: "rate(2 hours)", reason: undefined });
  });

  it("keeps the stack's own base URL", () => {
    expect(live({ "stormwire:source": '{"baseUrl":"http://127.0.0.1:1"}' }, {}).source).to.deep.include({
      provider: "open-meteo",
      baseUrl: "http://127.0.0.1:1",
    });
  });
});
