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
});
