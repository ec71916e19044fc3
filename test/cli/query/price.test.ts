import { expect } from "chai";
import { formatAthenaCost, formatBytes, formatLocalCost, priceDollars } from "../../../cli/query/price.ts";
import { createProgressLine } from "../../../cli/query/progress.ts";

describe("the price of a query", () => {
  const prices: [number, number][] = [
    [0, 0.00005],
    [10_000_000, 0.00005],
    [10_000_001, 0.000055],
    [1e12, 5],
    [3e12, 15],
  ];
  for (const [bytes, dollars] of prices) {
    it(`is $${dollars} for ${bytes} bytes`, () => {
      expect(priceDollars(bytes)).to.be.closeTo(dollars, 1e-12);
    });
  }

  it("is told with the bytes", () => {
    expect(formatAthenaCost(1_234_567_890)).to.equal("scanned 1.23 GB, $0.00618");
    expect(formatAthenaCost(1_000, 2_000)).to.equal("scanned 3 kB, $0.0001");
    expect(formatLocalCost(34_800)).to.equal(
      "its tables have 34.8 kB of files; Athena would take $0.00005 at most",
    );
    expect([0, 999, 1000, 12_345_678, 5e15].map(formatBytes)).to.deep.equal([
      "0 B",
      "999 B",
      "1 kB",
      "12.3 MB",
      "5000 TB",
    ]);
  });
});

describe("the progress of a query", () => {
  function lines(isWatched: boolean): string {
    let said = "";
    let now = 0;
    const line = createProgressLine({
      isWatched,
      write: (text) => {
        said += text;
      },
      now: () => new Date(now),
    });
    line.show({ state: "QUEUED", bytesScanned: 0 });
    now = 12_400;
    line.show({ state: "RUNNING", bytesScanned: 3_400_000 });
    line.end();
    return said;
  }

  it("is one line that is written over, and gone in the end", () => {
    expect(lines(true).split("\r\u001b[2K")).to.deep.equal([
      "",
      "queued, 0 s, 0 B scanned",
      "running, 12 s, 3.4 MB scanned",
      "",
    ]);
  });

  it("is told to nobody who does not watch", () => {
    expect(lines(false)).to.equal("");
  });
});
