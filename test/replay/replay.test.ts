import { tmpdir } from "node:os";
import { expect } from "chai";
import { type ReadingsReplay, type RecordsReplay, readReplay } from "../../replay/replay.ts";
import { PORTO_ALEGRE, RIO, replayErrorOf, temporaryFiles } from "./support.ts";

const READINGS = "time_utc,temperature_c\n2024-04-30T11:00:00Z,19.4\n";

function record(locationId: unknown, time = "2024-04-30T11:00:00Z"): string {
  return JSON.stringify({
    data: { time, values: { rainIntensity: 4.2 } },
    location: { id: locationId, name: "A location", lat: 1.5, lon: 2.5 },
    source: "tomorrow.io",
  });
}

/** As Tomorrow.io answers GET /v4/weather/realtime. */
const RESPONSE = JSON.stringify({
  data: { time: "2024-04-30T11:00:00Z", values: { rainIntensity: 2.03, cloudCeiling: null } },
  location: { lat: -30.05, lon: -51.17, name: "Porto Alegre, Brasil", type: "administrative" },
});

describe("replay", () => {
  const files = temporaryFiles();
  after(() => files.remove());

  const one = { locations: [PORTO_ALEGRE] };
  const two = { locations: [PORTO_ALEGRE, RIO] };
  const records = async (content: string | Uint8Array, options = one, prefix = "") => {
    const replay = await readReplay(`${prefix}${await files.write(content)}`, options);
    expect(replay.kind).to.equal("records");
    return (replay as RecordsReplay).records;
  };

  describe("location", () => {
    it("is the one before the equals sign", async () => {
      const replay = await readReplay(`rio=${await files.write(READINGS)}`, two);

      expect((replay as ReadingsReplay).location).to.equal(RIO);
    });

    it("is the only one configured when none is given", async () => {
      const replay = await readReplay(await files.write(READINGS), one);

      expect((replay as ReadingsReplay).location).to.equal(PORTO_ALEGRE);
    });

    it("must be given when several are configured", async () => {
      const message = await replayErrorOf(readReplay(await files.write(READINGS), two));

      expect(message).to.match(/give LOCATION=FILE with one of: porto-alegre, rio$/);
    });

    it("must be configured", async () => {
      const message = await replayErrorOf(readReplay(`paris=${await files.write(READINGS)}`, two));

      expect(message).to.match(/: unknown location "paris"; configured: porto-alegre, rio$/);
    });
  });

  describe("file", () => {
    it("must exist", async () => {
      expect(await replayErrorOf(readReplay("no/such.csv", one))).to.equal("such.csv: no such file");
      expect(await replayErrorOf(readReplay("", one))).to.equal('"": no such file');
      expect(await replayErrorOf(readReplay(tmpdir(), one))).to.match(/: is a folder; a file is needed$/);
    });

    it("must not be empty", async () => {
      expect(await replayErrorOf(readReplay(await files.write(""), one))).to.match(/: is empty$/);
      expect(await replayErrorOf(readReplay(await files.write("\r\n \n"), one))).to.match(/: is empty$/);
    });

    it("must be of a known format", async () => {
      const message = await replayErrorOf(records("date;rain\n2024-04-30;1\n"));

      expect(message).to.match(
        /^\d+\.txt:1: "date;rain": neither .*Data;Hora UTC.*time_utc.*no line .* is a record/,
      );
    });
  });

  describe("NDJSON", () => {
    it("keeps every line as it is, in file order, with its location and time", async () => {
      const lines = [
        record("rio", "2024-04-30T12:00:00Z"),
        record("porto-alegre", "2024-04-30T08:00:00-03:00"),
      ];

      const read = await records(`${lines[0]}\r\n\n${lines[1]}`, two);

      expect(read.map(({ bytes }) => Buffer.from(bytes).toString())).to.deep.equal(lines);
      expect(
        read.map(({ line, location, time }) => ({ line, location, time: time?.toISOString() })),
      ).to.deep.equal([
        { line: 1, location: "rio", time: "2024-04-30T12:00:00.000Z" },
        { line: 3, location: "porto-alegre", time: "2024-04-30T11:00:00.000Z" },
      ]);
    });

    it("keeps unreadable lines byte for byte", async () => {
      const garbage = Uint8Array.of(0x7b, 0xff, 0x00, 0x22);
      const content = Buffer.concat([
        garbage,
        Buffer.from(`\n${record("rio")}\n{"data":{"time":"yesterday"}}\n[1]`),
      ]);

      const read = await records(content, two);

      expect(read.map(({ line }) => line)).to.deep.equal([1, 2, 3, 4]);
      expect([...(read[0]?.bytes ?? [])]).to.deep.equal([...garbage]);
      expect(read.map(({ location }) => location)).to.deep.equal([undefined, "rio", undefined, undefined]);
      expect(read.map(({ time }) => time !== undefined)).to.deep.equal([false, true, false, false]);
    });

    it("gives unreadable lines the location of the file, if it has one", async () => {
      const read = await records(`nonsense\n${record("rio")}\n${record(5)}`, two, "porto-alegre=");

      expect(read.map(({ location }) => location)).to.deep.equal(["porto-alegre", "rio", "porto-alegre"]);
      expect(Buffer.from(read[2]?.bytes ?? []).toString()).to.equal(record(5));
    });

    it("turns saved Tomorrow.io responses into records", async () => {
      const [read] = await records(RESPONSE, two, "porto-alegre=");

      expect(read?.location).to.equal("porto-alegre");
      expect(JSON.parse(Buffer.from(read?.bytes ?? []).toString())).to.deep.equal({
        data: { time: "2024-04-30T11:00:00Z", values: { rainIntensity: 2.03, cloudCeiling: null } },
        location: {
          id: "porto-alegre",
          name: "Porto Alegre",
          lat: -30.05,
          lon: -51.17,
          type: "administrative",
        },
        source: "tomorrow.io",
      });
    });

    it("needs LOCATION= for responses when several locations are configured", async () => {
      const message = await replayErrorOf(records(`${record("rio")}\n${RESPONSE}`, two));

      expect(message).to.match(/^\d+\.txt:2: does not name .* one of: porto-alegre, rio$/);
    });

    it("rejects a location that is not configured", async () => {
      const message = await replayErrorOf(records(`${record("rio")}\n${record("paris")}`, two));

      expect(message).to.match(/^\d+\.txt:2: unknown location "paris"; configured: porto-alegre, rio$/);
    });

    it("rejects a file without a record", async () => {
      const message = await replayErrorOf(records(JSON.stringify(JSON.parse(RESPONSE), undefined, 2)));

      expect(message).to.match(/^\d+\.txt:1: "\{": .*no line of the file is a record/);
    });
  });

  describe("a year of minutes", () => {
    const MINUTES = 366 * 24 * 60;
    const TIME_OF_DAY = Array.from({ length: 1440 }, (_, minute) =>
      new Date(minute * 60_000).toISOString().slice("1970-01-01".length, -".000Z".length),
    );
    const TIMES = Array.from({ length: 366 }, (_, day) => {
      const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, "2024-01-01".length);
      return TIME_OF_DAY.map((timeOfDay) => `${date}${timeOfDay}Z`);
    }).flat();

    it("is read as readings", async () => {
      const rows = TIMES.map((time, minute) => `${time},${minute % 40}`);

      const replay = await readReplay(await files.write(`time_utc,temperature_c\n${rows.join("\n")}\n`), one);

      expect((replay as ReadingsReplay).readings).to.have.length(MINUTES);
    });

    it("is read as records", async () => {
      const lines = TIMES.map((time) => record("porto-alegre", time));

      const read = await records(lines.join("\n"));

      expect(read).to.have.length(MINUTES);
      expect(read.at(-1)?.line).to.equal(MINUTES);
    });
  });
});
