import { expect } from "chai";
import { scheduledMessages, scheduleExpression } from "../../infra/messages.ts";

const when = { timeZone: "UTC", audience: "all" as const };

describe("messages of config", () => {
  it("become what the handler sends: a text, a digest or a drill, and to whom", () => {
    const messages = scheduledMessages({
      briefing: { ...when, at: "2026-12-24T18:00:00", text: "Meeting", audience: ["night-shift"] },
      morning: { ...when, cron: "0 7 * * ? *", digest: true },
      siren: { ...when, rate: "30 days", drill: { hazard: "rain", level: "red" } },
    });

    expect(messages).to.deep.equal({
      briefing: { kind: "text", text: "Meeting", audience: ["night-shift"] },
      morning: { kind: "digest", audience: "all" },
      siren: { kind: "drill", hazard: "rain", level: "red", audience: "all" },
    });
  });

  it("are due as Scheduler writes it", () => {
    const expressions = [
      { ...when, cron: "0 7 * * ? *" },
      { ...when, rate: "1 day" },
      { ...when, at: "2026-12-24T18:00:00" },
    ].map(scheduleExpression);

    expect(expressions).to.deep.equal(["cron(0 7 * * ? *)", "rate(1 day)", "at(2026-12-24T18:00:00)"]);
  });
});
