import { expect } from "chai";
import { LIMITS } from "../contract/limits.ts";
import { lineKey } from "../contract/line.ts";
import { LINES, SERVICES } from "../contract/lines.ts";
import { localBackend } from "../contract/local-backend.ts";
import { DEPARTURES } from "../contract/ministack.ts";
import { contractPage } from "../contract/page.ts";
import { expectGolden } from "../handlers/support/golden.ts";

describe("contract of AWS's services, on local/", () => {
  const backend = localBackend();

  for (const service of SERVICES) {
    describe(service, () => {
      for (const line of LINES.filter((each) => each.service === service))
        it(line.name, () => line.check(backend));
    });
  }

  it("has a line for each limit, and each line once", () => {
    for (const { service, what, line } of LIMITS) {
      const lines = LINES.filter((each) => each.service === service && line.test(each.name));
      expect(lines, what).to.have.length(1);
    }
    expect(new Set(LINES.map(lineKey)).size).to.equal(LINES.length);
  });

  it("records departures only of existing lines", () => {
    expect(LINES.map(lineKey)).to.include.members(Object.keys(DEPARTURES));
  });

  it("stands in docs/fidelity-contract.md", () => {
    expectGolden("fidelity-contract.md", contractPage(), new URL("../../docs/", import.meta.url));
  });
});
