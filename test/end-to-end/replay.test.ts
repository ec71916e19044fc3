import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import {
  figuresOf,
  outboxOf,
  projectDirectory,
  runCommand,
  start,
  summaryOf,
  temporaryFolder,
} from "./command.ts";

describe("npm start, other figures", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it("takes blank rows of a station for missing, not for zero", async function () {
    const file = join(projectDirectory, "../shared/data/inmet/A801_2024-05-23_27_second_rain_with_gap.csv");
    if (!existsSync(file)) {
      console.log(`      skipped: ${file} is not here`);
      this.skip();
    }

    const summary = summaryOf(await start("--json", "--out", join(folder.path, "run"), "--replay", file));

    expect(summary).to.deep.include({
      observations: 117,
      missing: 3,
      records: 120,
      quarantined: 0,
      failed: 0,
    });
    expect(
      summary.alerts.filter(({ time }) => time >= "2024-05-27"),
      "no all-clear out of a gap",
    ).to.deep.equal([]);
    expect(
      summary.alerts.map(({ hazard, kind, level, time }) => `${time} ${hazard} ${kind} ${level}`),
    ).to.deep.equal([
      "2024-05-23T15:00:00Z rain start orange",
      "2024-05-23T18:00:00Z rain escalation red",
      "2024-05-24T19:00:00Z wind start yellow",
      "2024-05-24T20:00:00Z rain clear red",
      "2024-05-25T02:00:00Z wind clear yellow",
    ]);
    const toOps = (await outboxOf(join(folder.path, "run"))).filter(
      ({ endpoint }) => endpoint === "ops@example.org",
    );
    // The station is back at 12:00 without its gust, which it reports again an hour later.
    expect(toOps.map(({ time, subject }) => `${time.slice(11, 16)} ${subject}`)).to.deep.equal([
      "12:00 [stormwire/local] Estacao em silencio: Porto Alegre",
      "13:00 [stormwire/local] Estacao de volta: Porto Alegre",
      "13:00 [stormwire/local] Medida sem dados: rajada em Porto Alegre",
      "14:00 [stormwire/local] Medida de volta: rajada em Porto Alegre",
    ]);
  });

  it("says in the digest, to ops, in the summary and in the doctor that a station is blind", async () => {
    const file = join(folder.path, "blind.csv");
    const run = join(folder.path, "run");
    const rows = Array.from({ length: 48 }, (_, hour) => {
      const time = new Date(Date.UTC(2024, 3, 29, hour)).toISOString().replace(".000", "");
      return `${time},${hour < 6 ? 0 : ""},${19 + (hour % 5)},${hour < 6 ? 80 : ""},${hour < 6 ? 4 : ""}`;
    });
    await writeFile(
      file,
      `time_utc,rain_mm_per_h,temperature_c,humidity_percent,wind_gust_m_per_s\n${rows.join("\n")}\n`,
    );
    const summary = summaryOf(await start("--json", "--out", run, "--replay", `porto-alegre=${file}`));
    const written = JSON.parse(await readFile(join(run, "summary.json"), "utf8"));
    const outbox = await outboxOf(run);
    const digests = outbox.filter(({ subject }) => subject?.startsWith("Resumo"));
    const toOps = outbox.filter(({ endpoint }) => endpoint === "ops@example.org");
    const doctor = await runCommand("doctor", "--stack", "local", "--out", run);

    expect(summary.unwatched).to.deep.equal({ "porto-alegre": ["rainIntensity", "windGust", "humidity"] });
    expect(written, "summary.json").to.deep.equal(summary);
    expect(digests.map(({ subject }) => subject)).to.deep.equal([
      "Resumo 29/04 07:00: Porto Alegre nenhum perigo vigiado, sem dados de chuva, vento, ar seco",
      "Resumo 30/04 07:00: Porto Alegre nenhum perigo vigiado, sem dados de chuva, vento, ar seco",
    ]);
    expect(digests[0]?.message).to.include("chuva, vento, ar seco: sem dados desde 29/04 02:00");
    expect(toOps.map(({ time, subject }) => `${time} ${subject}`)).to.deep.equal(
      ["chuva", "rajada", "umidade"].map(
        (measure) =>
          `2024-04-29T09:00:00.000Z [stormwire/local] Medida sem dados: ${measure} em Porto Alegre`,
      ),
    );
    expect(doctor.stdout).to.match(
      /fail +measures porto-alegre +no good value of rainIntensity \(last 2024-04-29 05:00 UTC\)/,
    );
  });

  it("keeps exactly one row of each observation out of duplicates, late records, two spellings and garbage, run after run", async () => {
    const file = join(folder.path, "records.ndjson");
    const hours = Array.from({ length: 30 }, (_, hour) => record(hour, hour < 20 ? 4 : 0));
    const late = hours.splice(3, 1);
    // Fields that differ in case alone: in one record, and in two.
    hours[10] =
      hours[10]?.replace('"temperature":20', '"temperature":20,"Temperature":21,"pollenIndex":1') ?? "";
    hours[11] = hours[11]?.replace('"temperature":20', '"temperature":20,"pollenindex":1') ?? "";
    const garbage = [
      "not json",
      '{"data":{"time":"yesterday","values":{}},"location":{"id":"porto-alegre"}}',
    ];
    await writeFile(file, [...hours, ...hours.slice(5, 8), ...late, ...garbage, ""].join("\n"));

    const summary = summaryOf(await start("--json", "--out", join(folder.path, "run"), "--replay", file));
    const anew = summaryOf(await start("--json", "--out", join(folder.path, "run"), "--replay", file));

    expect(figuresOf(anew), "without --keep it begins clean").to.deep.equal(figuresOf(summary));
    expect(summary).to.deep.include({
      records: 35,
      quarantined: 2,
      failed: 0,
      gold: { days: 2, rows: 30, flagged: 24 },
    });
    expect(summary.raw.rows, "raw keeps each delivery").to.equal(33);
    expect(summary.observations + summary.missing).to.equal(30);
    const reasons = await readdir(join(folder.path, "run", "s3", "lake", "quarantine"));
    expect(reasons).to.deep.equal(["reason=bad-time", "reason=not-json"]);
  });

  it("loses no alert and keeps no row twice when it is killed half-way and started again with --keep", async () => {
    const out = join(folder.path, "run");
    const until = ["--until", "2024-04-30T23:00:00Z"];
    const killed = start("--out", out, "--speed", "100000x", ...until);
    await once(killed.child, "ORANGE");
    killed.child.kill("SIGKILL");
    await killed;

    const summary = summaryOf(await start("--json", "--out", out, "--keep", ...until));
    const outbox = await outboxOf(out);

    expect(summary.gold).to.deep.equal({ days: 2, rows: 48, flagged: 0 });
    expect(summary.failed).to.equal(0);
    const alerts = outbox
      .filter(({ endpoint, attributes }) => endpoint === "+12025550101" && attributes.level !== 9)
      .map(({ message }) => message);
    expect(new Set(alerts), "nothing is lost").to.have.length(2);
    expect(alerts.length, "once more if it died between SNS and the state").to.be.oneOf([2, 3]);
  });

  it("refuses a folder that is not its own", async () => {
    await writeFile(join(folder.path, "letter.txt"), "");

    const { code, stderr } = await start("--out", folder.path);

    expect([code, stderr]).to.deep.equal([
      2,
      `${folder.path} contains files that were not made by a local run; name an empty or new folder\n`,
    ]);
  });
});

describe("npm start, bad input", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  before(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder.path, "columns.csv"), "a;b;c\n1;2;3\n");
    const shipped = await readFile(join(projectDirectory, "data/porto-alegre-2024-flood.csv"), "utf8");
    await writeFile(
      join(folder.path, "date.csv"),
      shipped.replace("2024-04-30T11:00:00Z", "2024-04-31T11:00:00Z"),
    );
  });
  after(() => folder.remove());

  const cases: [string, (path: string) => string[], RegExp][] = [
    ["no file", () => ["--replay", "nowhere.csv"], /^nowhere\.csv: no such file\n$/],
    [
      "wrong columns",
      (path) => ["--replay", `${path}/columns.csv`],
      /columns\.csv:1: "a;b;c": neither the header/,
    ],
    [
      "an impossible date",
      (path) => ["--replay", `${path}/date.csv`],
      /date\.csv:\d+: .*2024-04-31T11:00:00Z/,
    ],
    [
      "an unknown location",
      () => ["--replay", "atlantis=data/porto-alegre-2024-flood.csv"],
      /unknown location "atlantis"; configured: porto-alegre/,
    ],
    [
      "an unknown stack",
      () => ["--stack", "moon"],
      /stack "moon" does not exist \(existing stacks: dev, local, prod\)/,
    ],
    ["a speed that is none", () => ["--speed", "fast"], /^--speed fast is not allowed: max, or a factor/],
    ["an end before the beginning", () => ["--until", "2024-01-01"], /is before the first recorded reading/],
  ];
  for (const [name, args, message] of cases) {
    it(`is one clear line and exit code 2: ${name}`, async () => {
      const { code, stdout, stderr } = await start(...args(folder.path), "--out", join(folder.path, "run"));

      expect(stderr).to.match(message);
      expect(stderr.split("\n"), stderr).to.have.length(2);
      expect([code, stdout]).to.deep.equal([2, ""]);
    });
  }
});

/** One hour of the record shape, with so many mm/h of rain. */
function record(hour: number, rainIntensity: number): string {
  return JSON.stringify({
    data: {
      time: new Date(Date.UTC(2024, 3, 29, hour)).toISOString(),
      values: { rainIntensity, temperature: 20 },
    },
    location: { id: "porto-alegre", name: "Porto Alegre", lat: -30.0536, lon: -51.1747 },
    source: "tomorrow.io",
  });
}

/** Resolves when a run's progress mentions `word`. */
function once(child: ReturnType<typeof start>["child"], word: string): Promise<void> {
  return new Promise((resolve) => {
    child.stderr?.on("data", (text: string) => {
      if (text.includes(word)) {
        resolve();
      }
    });
  });
}
