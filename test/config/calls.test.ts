import { expect } from "chai";
import { callBudget, fewCallsLeft } from "../../config/polling.ts";

describe("calls left of the weather API", () => {
  it("are few when half of what the plan has to spare is gone", () => {
    expect(fewCallsLeft({ allowedPerDay: 500, plannedPerDay: 288 })).to.equal(106);
  });

  it("are few when there is none left of a plan that cannot carry the schedule", () => {
    expect(fewCallsLeft({ allowedPerDay: 500, plannedPerDay: 576 })).to.equal(1);
    expect(fewCallsLeft({ allowedPerDay: 500, plannedPerDay: 500 })).to.equal(1);
  });

  it("are planned by place and poll", () => {
    const source = { provider: "tomorrow.io", callsPerDay: 500, callsPerHour: 25 } as const;
    expect(callBudget({ poll: "rate(1 hour)", source }, 2)).to.deep.equal({
      allowedPerDay: 500,
      plannedPerDay: 48,
    });
  });
});
