import { expect } from "chai";
import { shardCountProblem } from "../../infra/shard-count.ts";

const PROVISIONED = { streamMode: "PROVISIONED" };
const ON_DEMAND = { streamModeDetails: { streamMode: "ON_DEMAND" } };
const shards = (shardCount: number) => ({ streamModeDetails: PROVISIONED, shardCount });

describe("a change of the number of shards", () => {
  for (const [from, to] of [
    [1, 1],
    [1, 2],
    [2, 1],
    [3, 2],
    [3, 6],
    [10, 5],
  ] as const) {
    it(`from ${from} to ${to} is one that AWS takes`, () => {
      expect(shardCountProblem(shards(from), shards(to))).to.equal(undefined);
    });
  }

  it("by more than double is refused with the arithmetic, the steps and the first command", () => {
    expect(shardCountProblem(shards(1), shards(5))).to.equal(
      "stormwire:stream.shards is 5, and the stream has 1: AWS goes from half to double at once, here 1 to 2. " +
        "Go by 2, 4, 5, with `pulumi up` each time: pulumi config set --path stormwire:stream.shards -- 2",
    );
  });

  it("by more than half is refused", () => {
    expect(shardCountProblem(shards(9), shards(1))).to.match(
      /the stream has 9: .* here 5 to 18\. Go by 5, 3, 2, 1, .* stormwire:stream\.shards -- 5$/,
    );
  });

  it("is refused where an on-demand stream, which has four shards or more, is to have one", () => {
    expect(shardCountProblem(ON_DEMAND, shards(1))).to.match(
      /^stormwire:stream\.shards is 1, and an on-demand stream has 4 shards or more: .* stormwire:stream\.shards -- 4$/,
    );
    expect(shardCountProblem(ON_DEMAND, shards(4))).to.equal(undefined);
  });

  it("does not happen where the stream becomes or stays on-demand", () => {
    expect(shardCountProblem(shards(1), ON_DEMAND)).to.equal(undefined);
    expect(shardCountProblem(ON_DEMAND, ON_DEMAND)).to.equal(undefined);
  });
});
