import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { startCloud } from "../../local/cloud.ts";
import { graphOf, resource } from "./endpoint/support.ts";

describe("the cloud", () => {
  it("stops the server when a resource is rejected", async () => {
    const directory = await mkdtemp(join(tmpdir(), "cloud-"));
    const rule = resource(
      "aws:cloudwatch/eventRule:EventRule",
      "often",
      { scheduleExpression: "rate(0 minutes)" },
      { arn: "arn" },
    );
    const servers = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPServerWrap").length;
    const before = servers();

    const clock = createVirtualClock({ start: new Date("2024-04-30T11:00:00Z") });
    const rejected = await startCloud({ graph: graphOf(rule), directory, clock }).catch(
      (error: Error) => error,
    );

    expect(rejected).to.be.instanceOf(Error).with.property("message").that.includes("rate(0 minutes)");
    // The handle of a closed server goes some turns later.
    for (let turns = 0; turns < 100 && servers() > before; turns += 1) await delay(5);
    expect(servers()).to.equal(before);
    await rm(directory, { recursive: true });
  });
});
