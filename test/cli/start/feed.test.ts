import { expect } from "chai";
import { deliveries } from "../../../cli/start/feed.ts";

describe("deliveries of recorded records", () => {
  it("come in file order, at their own time but never before the line above", () => {
    const records = [undefined, "T00", "T02", "T01", undefined, "T03", "T03"].map((hour, index) => ({
      line: index + 1,
      bytes: new Uint8Array(),
      ...(hour !== undefined && { time: new Date(`2024-04-29${hour}:00:00Z`) }),
    }));

    const hours = deliveries(records).map(({ time, record }) => `${record.line}@${time.getUTCHours()}`);

    expect(hours).to.deep.equal(["1@0", "2@0", "3@2", "4@2", "5@2", "6@3", "7@3"]);
  });

  it("do not wait for a time at which nobody can have recorded anything", () => {
    const records = ["1970-01-01", "2024-04-29", "2090-01-01", "2024-04-30"].map((day, index) => ({
      line: index + 1,
      bytes: new Uint8Array(),
      time: new Date(`${day}T00:00:00Z`),
    }));

    const days = deliveries(records).map(({ time }) => time.toISOString().slice(0, 10));

    expect(days).to.deep.equal(["2024-04-29", "2024-04-29", "2024-04-29", "2024-04-30"]);
  });
});
