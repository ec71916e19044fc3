import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { readReplay } from "../../replay/replay.ts";
import { projectDirectory } from "../end-to-end/command.ts";
import { rejection } from "../local/endpoint/rejection.ts";

const locations = [{ id: "porto-alegre", name: "Porto Alegre", latitude: -30.0536, longitude: -51.1747 }];

describe("files for --replay that are not plain text", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "replay-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function read(bytes: Uint8Array, name = "file.gz") {
    const file = join(folder, name);
    await writeFile(file, bytes);
    return await readReplay(file, { locations });
  }

  it("are unpacked when they are gzip, whatever their name: a CSV file", async () => {
    const flood = await readFile(join(projectDirectory, "data/porto-alegre-2024-flood.csv"));

    const { kind, ...replay } = await read(gzipSync(flood), "flood.csv");

    expect(kind).to.equal("readings");
    expect("readings" in replay && replay.readings).to.have.length(168);
  });

  it("are unpacked when they are gzip: concatenated objects of the archive", async () => {
    const lines = [10, 11].map(
      (hour) =>
        `${JSON.stringify({
          data: { time: `2024-04-30T${hour}:00:00Z`, values: { rainIntensity: 60 } },
          location: { id: "porto-alegre", name: "Porto Alegre", lat: -30.0536, lon: -51.1747 },
          source: "tomorrow.io",
          archive: { arrivedAt: `2024-04-30T${hour}:00:05Z`, sequenceNumber: String(hour) },
        })}\n`,
    );

    const replay = await read(Buffer.concat(lines.map((line) => gzipSync(line))));

    expect(replay.kind === "records" && replay.records.map(({ time }) => time?.getUTCHours())).to.deep.equal([
      10, 11,
    ]);
  });

  const whole = gzipSync("time_utc,temperature_c\n2024-04-30T11:00:00Z,20\n");
  const rejected: [string, Uint8Array, RegExp][] = [
    ["a damaged gzip", whole.subarray(0, 30), /cannot be unpacked, it is damaged or incomplete/],
    ["gzip of nothing", gzipSync(""), /is empty$/],
    [
      "a ZIP",
      Buffer.from("PK\u0003\u0004\u0014\u0000stuff"),
      /is a ZIP archive or a spreadsheet; allowed: text/,
    ],
    ["a Parquet file", Buffer.from("PAR1\u0015\u0004"), /is a Parquet file; allowed/],
    ["gzip of binary", gzipSync(Buffer.from([1, 2, 3, 0, 255])), /is a binary file; allowed/],
    ["an image", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), /is a binary file/],
    ["UTF-16", Buffer.from("\ufeffData;Hora UTC;", "utf16le"), /is UTF-16 text; allowed: text .*UTF-8/],
    ["control characters of C1", Buffer.from("\u009b31mred\n"), /neither the header/],
  ];
  for (const [what, bytes, message] of rejected) {
    it(`are rejected in one line without binary output: ${what}`, async () => {
      const error = await rejection(() => read(bytes));

      expect(error.name).to.equal("ReplayError");
      expect(error.message).to.match(message);
      expect(error.message).not.to.match(/\p{Cc}/u);
    });
  }
});
