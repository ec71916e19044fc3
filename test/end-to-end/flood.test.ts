import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Summary } from "../../cli/start/summary.ts";
import { jobReportSchema } from "../../etl/report.ts";
import type { OutboxMessage } from "../../local/sns/outbox.ts";
import { outboxOf, projectDirectory, runCommand, start, temporaryFolder } from "./command.ts";
import { expectFloodFigures } from "./flood-figures.ts";

describe("npm start, the flood of Porto Alegre", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let summary: Summary;
  let printed: string;
  let run: string;
  let outbox: OutboxMessage[];

  before(async () => {
    folder = await temporaryFolder();
    run = join(folder.path, "run");
    const { code, stdout, stderr } = await start("--out", run);
    expect(code, stderr).to.equal(0);
    printed = stdout;
    summary = JSON.parse(await readFile(join(run, "summary.json"), "utf8"));
    outbox = await outboxOf(run);
  });
  after(() => folder.remove());

  it("turns rain red at 2024-04-30T11:00Z and tells of four changes in the week", () => {
    expect(summary.alerts).to.deep.equal([
      alert("2024-04-30T06:00:00Z", "orange", "start", 72.2, 50),
      alert("2024-04-30T11:00:00Z", "red", "escalation", 100.2, 100),
      alert("2024-05-02T05:00:00Z", "red", "escalation", 107.6, 100),
      alert("2024-05-03T07:00:00Z", "red", "clear", 20.6, 50),
    ]);
  });

  it("keeps 168 observations as 168 gold rows of 7 days and loses nothing", () => {
    expect(summary).to.deep.include({
      observations: 168,
      missing: 0,
      records: 168,
      raw: { objects: 168, rows: 168 },
      gold: { days: 7, rows: 168, flagged: 0 },
      quarantined: 0,
      failed: 0,
    });
  });

  it("gives the same figures run after run", () => expectFloodFigures(summary));

  it("prints and sends what the README shows", async () => {
    const readme = await readFile(join(projectDirectory, "README.md"), "utf8");
    const [summaryShown = "", textShown = ""] = [...readme.matchAll(/^```text\n(.*?)\n```$/gms)].map(
      ([, text = ""]) => text,
    );

    expect(printed).to.include(summaryShown);
    expect(outbox.map(({ message }) => message)).to.include(textShown);
  });

  it("leaves who is subscribed, so that one can ask", async () => {
    const { code, stdout } = await runCommand("subscriptions", "--out", run);

    expect(code).to.equal(0);
    expect(stdout).to.match(/^harbour-master +email .* confirmed$/m);
  });

  it("leaves a lake whose days npm run etl rebuilds to the same bytes", async () => {
    const out = run;
    const gold = join(out, "s3/lake/gold/observations/day=2024-04-30/observations.parquet");
    const before = await readFile(gold);

    const { code, stdout } = await runCommand(
      "etl",
      ...["--out", out, "--json", "--from", "2024-04-30", "--to", "2024-04-30"],
    );

    const { tables } = jobReportSchema.parse(JSON.parse(stdout));
    expect(code).to.equal(0);
    expect(tables.observations).to.deep.include({
      rebuilt: ["2024-04-30"],
      reasons: { "2024-04-30": "asked for" },
      rowsOut: 24,
    });
    expect(Buffer.compare(await readFile(gold), before)).to.equal(0);
  });

  it("tells each person what they asked for", () => {
    const heard = (endpoint: string) => outbox.filter((message) => message.endpoint === endpoint);
    const alertsTo = (endpoint: string) =>
      heard(endpoint).flatMap(({ attributes: { kind, level } }) => (level === 9 ? [] : [`${kind} ${level}`]));

    expect(alertsTo("+12025550101"), "duty officer, orange").to.deep.equal([
      "start 2",
      "escalation 3",
      "escalation 3",
      "clear 3",
    ]);
    expect(alertsTo("+12025550102"), "harbour master, red").to.deep.equal([
      "escalation 3",
      "escalation 3",
      "clear 3",
    ]);
  });

  it("delivers point-in-time messages on their day and hour, in their time zone", () => {
    const digests = outbox.filter(({ attributes }) => attributes.kind === "digest");
    const briefing = outbox.filter(({ attributes }) => attributes.kind === "message");

    expect(digests.map(({ time }) => time)).to.deep.equal(
      ["29", "30", "01", "02", "03", "04", "05"].map(
        (day) => `2024-${day > "10" ? "04" : "05"}-${day}T10:00:00.000Z`,
      ),
    );
    expect(new Set(digests.map(({ endpoint }) => endpoint))).to.deep.equal(new Set(["plantao@example.org"]));
    expect(new Set(briefing.map(({ time }) => time))).to.deep.equal(new Set(["2024-05-02T21:00:00.000Z"]));
    expect(briefing).to.have.length(4);
  });

  it("fits every SMS into one segment", () => {
    const texts = outbox.filter(({ protocol }) => protocol === "sms").map(({ message }) => message);

    expect(texts)
      .to.have.length(summary.messages.sms ?? 0)
      .and.not.to.deep.equal([]);
    for (const text of texts) {
      expect(text.length, text).to.be.at.most(160);
    }
  });

  it("leaves the bucket as plain files, partitioned by event time", async () => {
    const bucket = join(run, "s3", "lake");

    const hour = await readdir(join(bucket, "raw", "year=2024", "month=04", "day=30", "hour=11"));
    const days = await readdir(join(bucket, "gold", "observations"));
    const red = await readdir(join(bucket, "transitions", "year=2024", "month=04", "day=30", "hour=11"));

    expect(hour).to.have.length(1);
    expect(hour[0]).to.match(/^shardId-000000000000-\d{56}-\d{56}\.ndjson\.gz$/);
    expect(days[0]).to.equal("day=2024-04-29");
    expect(days).to.have.length(7);
    expect(red).to.deep.equal(["porto-alegre.rain.20240430T110000Z.escalation.ndjson.gz"]);
  });

  it("lets one follow each alert from the poll to its message by the poll's id", async () => {
    const [produced, alerted] = await Promise.all([linesOf(run, "produce"), linesOf(run, "alert")]);
    const published = alerted.filter(({ message }) => message === "alert published");

    expect(published).to.have.length(4);
    for (const { id, pollId, snsMessageId } of published) {
      expect(snsMessageId, "and on by the id of SNS").to.match(/^[0-9a-f-]{36}$/);
      const poll = produced.filter((line) => line.pollId === pollId);
      const taken = alerted.filter(({ pollIds }) => pollIds?.includes(String(pollId)));
      expect(
        poll.map(({ message, put }) => [message, put]),
        id,
      ).to.deep.equal([["produced", 1]]);
      expect(
        taken.map(({ message, location }) => [message, location]),
        id,
      ).to.deep.equal([["observations evaluated", "porto-alegre"]]);
      expect(id, "the poll of the hour that decided").to.include(poll[0]?.time);
    }
  });

  it("tells of each within a minute of the poll that decided it, by the clock of the run", async () => {
    const [produced, alerted] = await Promise.all([linesOf(run, "produce"), linesOf(run, "alert")]);
    const published = alerted.filter(({ message }) => message === "alert published");

    const seconds = published.map(({ pollId, writtenAt }) => {
      const poll = produced.find((line) => line.pollId === pollId);
      return (writtenAt.getTime() - Number(poll?.writtenAt)) / 1000;
    });
    expect(seconds).to.have.length(4);
    for (const delay of seconds) expect(delay).to.be.within(0, 60);
  });

  it("counts in the functions' logs what the summary says, and ops hear of nothing", async () => {
    const total = async (name: string, metric: string) =>
      (await linesOf(run, name)).reduce((sum, line) => sum + Number(line[metric] ?? 0), 0);

    expect(await total("produce", "ObservationsSent")).to.equal(168);
    expect(await total("alert", "AlertsOrange")).to.equal(1);
    expect(await total("alert", "AlertsRed")).to.equal(3);
    expect(await total("archive", "ArchivedRows")).to.equal(168);
    expect(outbox.filter(({ endpoint }) => endpoint === "ops@example.org")).to.deep.equal([]);
  });
});

/** JSON lines of a function's log; the local run writes the time before each. */
async function linesOf(directory: string, name: string): Promise<LogLine[]> {
  const text = await readFile(join(directory, "logs", `${name}.log`), "utf8");
  return text.split("\n").flatMap((line) => {
    const json = line.indexOf("{");
    const writtenAt = new Date(line.slice(0, json).trim());
    return json < 0 ? [] : [{ ...JSON.parse(line.slice(json)), writtenAt } as LogLine];
  });
}

interface LogLine {
  readonly [key: string]: unknown;
  /** By the clock of the run. */
  readonly writtenAt: Date;
  readonly message?: string;
  readonly id?: string;
  readonly pollIds?: readonly string[];
  readonly time?: string;
}

function alert(time: string, level: string, kind: string, value: number, threshold: number) {
  return { time, location: "porto-alegre", hazard: "rain", level, kind, value, threshold };
}
