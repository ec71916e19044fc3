import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { localMetrics } from "../../../cli/doctor/local-metrics.ts";

const counted = (counts: object) => JSON.stringify({ _aws: { CloudWatchMetrics: [] }, ...counts });
const lines = {
  "produce.log": [
    `2024-05-05T22:00:00.000Z ${counted({ ObservationsSent: 2, ApiCallsLeftToday: 477 })}`,
    '2024-05-05T23:00:00.000Z {"level":"INFO","message":"produced","ApiCallsLeftToday":1}',
    "2024-05-05T23:00:00.000Z not JSON",
    `2024-05-05T23:00:00.000Z ${counted({ ObservationsSent: 1, ApiCallsLeftToday: 476 })}`,
  ],
  "alert.log": [
    `2024-05-05T22:00:01.000Z ${counted({ ObservationsUsed: 2 })}`,
    `2024-05-05T23:00:01.000Z ${counted({})}`,
  ],
};

describe("metrics of a local run", () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "stormwire-metrics-"));
    await mkdir(join(directory, "logs"));
    for (const [file, text] of Object.entries(lines)) {
      await writeFile(join(directory, "logs", file), `${text.join("\n")}\n`);
    }
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it("are those that functions wrote among their lines", async () => {
    const metrics = localMetrics(directory);

    expect(await metrics.traffic("alert")).to.deep.equal({ sent: 3, invocations: 2 });
    expect(await metrics.callsLeft()).to.deep.equal({ calls: 476, at: new Date("2024-05-05T23:00:00Z") });
  });

  it("are none of a function that was never invoked", async () => {
    expect(await localMetrics(directory).traffic("archive")).to.deep.equal({ sent: 3, invocations: 0 });
    expect(await localMetrics(join(directory, "nowhere")).callsLeft()).to.equal(undefined);
  });
});
