import { expect } from "chai";
import { type ReadingsReplay, readReplay } from "../../replay/replay.ts";
import { INMET_HEADER as HEADER, PORTO_ALEGRE, replayErrorOf, temporaryFiles } from "./support.ts";

const STATION = [
  "REGIAO:;S",
  "UF:;RS",
  "ESTAÇÃO:;SOMEWHERE",
  "CODIGO (WMO):;A000",
  "LATITUDE:;-30,05",
  "LONGITUDE:;-51,17",
  "ALTITUDE:;41,18",
  "DATA DE FUNDAÇÃO (YYYY-MM-DD):;2000-09-22",
].join("\r\n");

/** A row with this date and hour, rain and dry-bulb temperature. */
function row(date: string, hour: string, rain = "0", temperature = "20,5"): string {
  return `${date};${hour};${rain};1007,7;;;;${temperature};15,3;;;;;;;80;136;5,7;1,8;`;
}

describe("INMET hourly CSV", () => {
  const files = temporaryFiles();
  after(() => files.remove());

  const read = async (content: string, encoding: "utf8" | "latin1" = "utf8") => {
    const file = await files.write(Buffer.from(content, encoding));
    return readReplay(file, { locations: [PORTO_ALEGRE] });
  };
  const readings = async (...parameters: Parameters<typeof read>) => {
    const replay = await read(...parameters);
    expect(replay.kind).to.equal("readings");
    return (replay as ReadingsReplay).readings;
  };
  const refusal = (...lines: string[]) => replayErrorOf(read([HEADER, ...lines].join("\n")));

  for (const [date, hour] of [
    ["2024/04/30", "1100 UTC"],
    ["2024-04-30", "11:00"],
    ["30/04/2024", "1100"],
  ] as const) {
    it(`reads ${date} ${hour} as UTC`, async () => {
      const [reading] = await readings([HEADER, row(date, hour)].join("\n"));

      expect(reading?.time.toISOString()).to.equal("2024-04-30T11:00:00.000Z");
    });
  }

  it("reads Latin-1, CRLF and the lines about the station before the header", async () => {
    const content = [STATION, HEADER, row("2024/04/30", "1100 UTC", "25,8"), ""].join("\r\n");

    const [reading, ...others] = await readings(content, "latin1");

    expect(reading?.values).to.deep.include({ rainIntensity: 25.8, windSpeed: 1.8 });
    expect(others).to.be.empty;
  });

  for (const [cell, value] of [
    [",8", 0.8],
    ["-,5", -0.5],
    ["-1,5", -1.5],
    ["12", 12],
    ["", null],
    ["-9999", null],
    ["-9999,0", null],
  ] as const) {
    it(`reads the cell "${cell}" as ${value}`, async () => {
      const [reading] = await readings([HEADER, row("2024/04/30", "1100 UTC", "0", cell)].join("\n"));

      expect(reading?.values.temperature).to.equal(value);
    });
  }

  it("sorts rows by time and reads a repeated row once", async () => {
    const late = row("2024/04/30", "1200 UTC");
    const early = row("2024/04/30", "1100 UTC");

    const times = (await readings([HEADER, late, early, late].join("\n"))).map(({ time }) =>
      time.getUTCHours(),
    );

    expect(times).to.deep.equal([11, 12]);
  });

  it("rejects two readings of one time and names both lines", async () => {
    const message = await refusal(
      row("2024/04/30", "1100 UTC", "1"),
      row("2024/04/30", "1200 UTC"),
      row("2024/04/30", "1100 UTC", "2"),
    );

    expect(message).to.match(/^\d+\.txt:4: other values for 2024-04-30T11:00:00Z than line 2;/);
  });

  for (const date of ["2024/02/30", "2023-02-29", "31/04/2024", "2024/13/01", "2024/4/1", ""]) {
    it(`rejects the date "${date}"`, async () => {
      const message = await refusal(row("2024/04/30", "1100 UTC"), row(date, "1200 UTC"));

      expect(message).to.match(/^\d+\.txt:3: column 1 \(date\): /);
      expect(message).to.include(`"${date}" is not a date; allowed: `).and.include("YYYY/MM/DD");
    });
  }

  for (const hour of ["2460", "2400 UTC", "1160 UTC", "11", "noon"]) {
    it(`rejects the hour "${hour}"`, async () => {
      const message = await refusal(row("2024/04/30", hour));

      expect(message).to.match(/^\d+\.txt:2: column 2 \(hour\): /);
      expect(message).to.include(`"${hour}" is not an hour`).and.include("0000 UTC to 2300 UTC");
    });
  }

  it("rejects a value that is not a number, and counts the lines about the station", async () => {
    const content = [STATION, HEADER, row("2024/04/30", "1100 UTC"), row("2024/04/30", "1200 UTC", "1.5")];

    const message = await replayErrorOf(read(content.join("\r\n")));

    expect(message).to.match(
      /^\d+\.txt:11: column 3 \(rain_mm_per_h\): "1\.5" is not a number; allowed: .*25,8/,
    );
  });

  it("rejects a row with too few or too many columns", async () => {
    expect(await refusal("2024/04/30;1100 UTC;0")).to.match(/:2: 3 columns; an INMET row has 19/);
    expect(await refusal(`${row("2024/04/30", "1100 UTC")}7`)).to.match(
      /:2: 20 columns; an INMET row has 19/,
    );
  });

  it("rejects a header with columns in other positions", async () => {
    const content = [HEADER.replace("RADIACAO GLOBAL (Kj/m²);", ""), row("2024/04/30", "1100 UTC")].join(
      "\n",
    );

    const message = await replayErrorOf(read(content));

    expect(message).to.match(/:1: column 8: title "TEMPERATURA DO PONTO DE ORVALHO.*temperature_c/);
  });

  it("rejects station lines without a header, and a header without rows", async () => {
    expect(await replayErrorOf(read(STATION))).to.match(/: has no header; allowed: Data;Hora UTC;…/);
    expect(await refusal()).to.match(/has a header but no row/);
  });
});
