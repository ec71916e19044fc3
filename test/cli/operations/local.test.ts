import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { leaveFailedRun } from "./failed-run.ts";

interface Row {
  readonly check: string;
  readonly state: string;
  readonly found: string;
}

/** One run, from failed to healthy: each test continues where the previous one ended. */
describe("failed and doctor on a local run", function () {
  this.timeout(120_000);
  let run: Awaited<ReturnType<typeof leaveFailedRun>>;
  let bucket: string;

  before(async () => {
    run = await leaveFailedRun();
    bucket = join(run.directory, "s3", "lake");
  });
  after(() => run.remove());

  async function examine() {
    const { code, out, error } = await run.run("doctor", "--json");
    const findings: Row[] = JSON.parse(out || "{}").findings ?? [];
    return { code, error, rows: Object.fromEntries(findings.map((row) => [row.check, row])) };
  }
  const below = async (prefix: string) =>
    (await readdir(join(bucket, prefix), { recursive: true, withFileTypes: true }).catch(() => []))
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .sort();
  const textsBelow = async (prefix: string) =>
    Promise.all((await below(prefix)).map(async (file) => [file, await readFile(file, "base64")]));
  const outbox = async () => await readFile(join(run.directory, "outbox.ndjson"), "utf8");

  it("say what failed, and in which function", async () => {
    const list = await run.run("failed");
    const { code, rows } = await examine();

    expect([list.code, code], list.error).to.deep.equal([1, 1]);
    expect(list.out)
      .to.match(/^alert +RetryAttemptsExhausted +\d +2 +2024-04-30T06:00:05/m)
      .and.match(/^archive +RetryAttemptsExhausted +2 +2 /m);
    expect(rows["given up"]).to.include({ state: "fail" });
    expect(rows["given up"]?.found).to.match(/^\d batches of the stream, 0 other events$/);
    expect(rows.quarantine).to.include({ state: "warn", found: "1 record: 1 not-json" });
    expect(rows["observations porto-alegre"]).to.include({ state: "warn", found: "none so far" });
    expect(await below("raw")).to.deep.equal([]);
  });

  it("retry it: the storm is archived, and subscribers are notified", async () => {
    await cp(join(bucket, "aws"), join(run.directory, "kept"), { recursive: true });

    const { code, out, error } = await run.run("failed", "--retry", "--cause", "RetryAttemptsExhausted");

    expect(code, out + error).to.equal(0);
    expect(out).to.match(/ done, 0 left\n/);
    expect(await below("aws")).to.deep.equal([]);
    expect((await below("raw")).map((file) => /hour=\d\d/.exec(file)?.[0])).to.deep.equal([
      "hour=06",
      "hour=07",
    ]);
    expect(await outbox()).to.match(/porto@example\.org/);
    expect(
      (await run.run("failed", "--retry", "--cause", "RetryAttemptsExhausted")).code,
      "nothing is there any more",
    ).to.equal(0);
  });

  it("change nothing when they were killed between retry and removal", async () => {
    const kept = await readdir(join(run.directory, "kept"), { recursive: true, withFileTypes: true });
    const before = [await textsBelow("raw"), await textsBelow("transitions"), await outbox()];
    await cp(join(run.directory, "kept"), join(bucket, "aws"), { recursive: true });

    const { code, out, error } = await run.run(
      "failed",
      "--retry",
      "--cause",
      "RetryAttemptsExhausted",
      "--json",
    );

    expect(code, out + error).to.equal(0);
    const again = JSON.parse(out).done.map((key: string) => key.split("/").at(-1));
    expect(again).to.have.members(kept.filter((file) => file.isFile()).map(({ name }) => name));
    expect([await textsBelow("raw"), await textsBelow("transitions"), await outbox()]).to.deep.equal(before);
    expect(await below("aws")).to.deep.equal([]);
  });

  it("see stale days and a mailbox that is not confirmed", async () => {
    const file = join(run.directory, "sns", "subscriptions.json");
    const confirmed = await readFile(file, "utf8");
    const lists: Record<string, { Protocol: string; SubscriptionArn: string }[]> = JSON.parse(confirmed);
    const mailbox = Object.values(lists)
      .flat()
      .find(({ Protocol }) => Protocol === "email");
    if (mailbox) mailbox.SubscriptionArn = "PendingConfirmation";
    await writeFile(file, JSON.stringify(lists));

    const { code, rows } = await examine();

    await writeFile(file, confirmed);
    expect(code).to.equal(1);
    expect(rows.subscriptions).to.include({ state: "warn" });
    expect(rows.subscriptions?.found).to.match(/pending: \S+ email/);
    expect(rows["days observations"]).to.include({
      state: "warn",
      found: "newest in gold none; 0 up to date, 1 stale: 2024-04-30",
    });
    expect(rows["given up"]).to.include({ state: "ok" });
  });

  it("find nothing once gold is up to date and quarantine is empty", async () => {
    const rebuilt = await run.run("etl");
    await rm(join(bucket, "quarantine"), { recursive: true });

    const { code, rows } = await examine();
    const { out } = await run.run("doctor");

    expect(rebuilt.code, rebuilt.error).to.equal(0);
    expect(code, out).to.equal(0);
    expect(rows["days observations"]?.found).to.equal("newest in gold 2024-04-30; 1 up to date");
    expect(rows["observations porto-alegre"]?.found).to.equal(
      "last 2024-04-30 07:00 UTC, the newest of the run",
    );
    expect(rows.job).to.include({ state: "ok" });
    expect(rows["invocations alert"]).to.include({ state: "ok" });
    expect(rows["calls left"]).to.include({ state: "ok" });
    expect(rows.sms).to.include({ state: "n/a", found: "a local run has no account" });
  });

  it("answer 2 where there is no run, with help that says so", async () => {
    const nowhere = join(run.directory, "nowhere");
    for (const command of ["doctor", "failed"]) {
      expect((await run.run(command, "--out", nowhere)).error).to.match(/^no local run in .*nowhere yet/);
      expect((await run.run(command, "--help")).out).to.match(/Exit code: 0 .*, 1 .*, 2\s+bad input/);
    }
  });
});
