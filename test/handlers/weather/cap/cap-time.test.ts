import { expect } from "chai";
import { capTime } from "../../../../handlers/weather/cap/cap-time.ts";

describe("a time in CAP", () => {
  const summer = new Date("2024-07-01T12:00:00Z");

  it("is local, with the offset of that day", () => {
    expect(capTime(summer, "America/Sao_Paulo")).to.equal("2024-07-01T09:00:00-03:00");
    expect(capTime(summer, "Europe/Lisbon")).to.equal("2024-07-01T13:00:00+01:00");
    expect(capTime(new Date("2024-01-01T12:00:00Z"), "Europe/Lisbon")).to.equal("2024-01-01T12:00:00-00:00");
    expect(capTime(summer, "Asia/Kathmandu")).to.equal("2024-07-01T17:45:00+05:45");
    expect(capTime(new Date("2024-01-01T02:00:00Z"), "America/St_Johns")).to.equal(
      "2023-12-31T22:30:00-03:30",
    );
  });

  it("is -00:00 in UTC, never Z", () => {
    expect(capTime(summer, "UTC")).to.equal("2024-07-01T12:00:00-00:00");
  });

  it("has no fractions of a second", () => {
    expect(capTime(new Date("2024-07-01T12:00:00.999Z"), "UTC")).to.equal("2024-07-01T12:00:00-00:00");
  });

  it("tells the hour that is twice apart", () => {
    expect(capTime(new Date("2024-11-03T05:30:00Z"), "America/New_York")).to.equal(
      "2024-11-03T01:30:00-04:00",
    );
    expect(capTime(new Date("2024-11-03T06:30:00Z"), "America/New_York")).to.equal(
      "2024-11-03T01:30:00-05:00",
    );
  });
});
