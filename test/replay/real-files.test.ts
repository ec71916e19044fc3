import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { isMissing, isoSeconds, type MeasureField, type Reading } from "../../replay/measures.ts";
import { type ReadingsReplay, readReplay } from "../../replay/replay.ts";
import { inmetFile } from "./inmet-file.ts";
import { largest24HourSum, PORTO_ALEGRE } from "./support.ts";

const SHIPPED = fileURLToPath(new URL("../../data/porto-alegre-2024-flood.csv", import.meta.url));

async function readReadings(spec: string): Promise<ReadingsReplay> {
  const replay = await readReplay(spec, { locations: [PORTO_ALEGRE] });
  if (replay.kind !== "readings") return expect.fail(`${spec} was read as records`);
  return replay;
}

function largest(readings: readonly Reading[], field: MeasureField): number {
  return Math.max(...readings.map(({ values }) => values[field] ?? Number.NEGATIVE_INFINITY));
}

describe("recorded readings", () => {
  it("include every hour of the flood of Porto Alegre", async () => {
    const { location, readings } = await readReadings(SHIPPED);

    expect(location).to.equal(PORTO_ALEGRE);
    expect(readings).to.have.length(168);
    expect(readings.map(({ time }) => time.getTime())).to.deep.equal(
      Array.from({ length: 168 }, (_, hour) => Date.UTC(2024, 3, 29, hour)),
    );
    expect(readings.filter(isMissing)).to.be.empty;
    expect(largest24HourSum(readings)).to.equal(120.8);
    expect(largest(readings, "rainIntensity")).to.equal(25.8);
  });

  it("equal the readings of INMET's file", async function () {
    const inmet = await readReadings(inmetFile(this, "A801_2024-04-29_05-05_flood.csv"));
    const shipped = await readReadings(SHIPPED);

    expect(inmet.readings).to.have.length(168);
    expect(shipped.readings).to.deep.equal(inmet.readings);
  });

  it("have the meaning of INMET's columns", async function () {
    const { readings } = await readReadings(inmetFile(this, "A801_2024-04-29_05-05_flood.csv"));

    expect(readings[8]).to.deep.equal({
      time: new Date("2024-04-29T08:00:00Z"),
      values: {
        rainIntensity: 0,
        pressureSurfaceLevel: 1005.5,
        temperature: 19.6,
        dewPoint: 17.2,
        humidity: 86,
        windDirection: 84,
        windGust: 3.6,
        windSpeed: 0.9,
      },
    });
  });

  it("include the windstorm", async function () {
    const { readings } = await readReadings(inmetFile(this, "A801_2024-01-16_17_windstorm.csv"));

    expect(readings).to.have.length(48);
    expect(largest(readings, "rainIntensity")).to.equal(46.8);
    expect(largest(readings, "windGust")).to.equal(24.7);
  });

  it("are missing, never zero, in blank rows", async function () {
    const { readings } = await readReadings(inmetFile(this, "A801_2024-05-23_27_second_rain_with_gap.csv"));

    expect(readings).to.have.length(120);
    expect(readings.filter(isMissing).map(({ time }) => isoSeconds(time))).to.deep.equal([
      "2024-05-27T09:00:00Z",
      "2024-05-27T10:00:00Z",
      "2024-05-27T11:00:00Z",
    ]);
    expect(readings.find(({ time }) => isoSeconds(time) === "2024-05-27T12:00:00Z")?.values).to.deep.include({
      rainIntensity: 0.2,
      windGust: null,
    });
    expect(largest24HourSum(readings)).to.equal(129.6);
  });
});
