import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { INMET_HEADER, temporaryFiles } from "./support.ts";

const SCRIPT = fileURLToPath(new URL("../../replay/encode-readings.ts", import.meta.url));
const INMET = [
  INMET_HEADER,
  "2024/04/30;1100 UTC;25,8;1007,7;;;;18,8;15,3;;;;;;;80;136;5,7;,8;",
  "2024/04/30;1200 UTC;;;;;;;;;;;;;;;;;;",
].join("\n");

const run = promisify(execFile);

describe("encode-readings", () => {
  const files = temporaryFiles();
  after(() => files.remove());

  it("writes a readings file with its source and credit", async () => {
    const source = await files.write(INMET);
    const target = `${source}.csv`;

    await run(process.execPath, [SCRIPT, "--station", "A000 Somewhere", source, target]);

    const lines = (await readFile(target, "utf8")).split("\n");
    expect(lines[0]).to.equal("# Hourly observations of INMET automatic station A000 Somewhere.");
    expect(lines[1]).to.include("INMET").and.include("public observations");
    expect(lines.filter((line) => !line.startsWith("#"))).to.deep.equal([
      "time_utc,rain_mm_per_h,pressure_hpa,temperature_c,dew_point_c,humidity_percent,wind_direction_deg,wind_gust_m_per_s,wind_speed_m_per_s",
      "2024-04-30T11:00:00Z,25.8,1007.7,18.8,15.3,80,136,5.7,0.8",
      "2024-04-30T12:00:00Z,,,,,,,,",
      "",
    ]);
  });

  it("prints its usage or the problem, and exits with 2", async () => {
    const failed = (...args: string[]) =>
      run(process.execPath, [SCRIPT, ...args]).then(
        () => expect.fail("should have exited with 2"),
        (error: { code: number; stderr: string }) => error,
      );

    expect(await failed())
      .to.include({ code: 2 })
      .and.to.have.property("stderr")
      .that.includes("--station");
    expect(await failed("--station", "A000", "no-such.csv", "x.csv")).to.deep.include({
      code: 2,
      stderr: "no-such.csv: no such file\n",
    });
  });
});
