import { expect } from "chai";
import { examine, exitCodeOf, needsAction } from "../../../cli/doctor/examine.ts";
import { NotKnownError, NotThereError } from "../../../cli/doctor/examined-stack.ts";
import { formatFindings } from "../../../cli/doctor/format.ts";
import { UserError } from "../../../lib/user-error.ts";
import { seen, stack } from "./support.ts";

describe("the doctor's checks", () => {
  it("find a healthy stack well", async () => {
    const findings = await examine(stack());

    expect(findings.filter(({ state }) => state !== "ok")).to.deep.equal([]);
    expect(needsAction(findings)).to.equal(false);
    expect(findings.map(({ check }) => check)).to.include.members([
      "sms sandbox",
      "days observations",
      "observations porto-alegre",
    ]);
  });

  it("know no more than they may ask, and go on", async () => {
    const denied = () => Promise.reject(new UserError("S3 says AccessDenied: no s3:ListBucket"));
    const noAlarms = () => Promise.reject(new NotKnownError("the stack's state has no alarms"));
    const objects = { list: denied, read: async () => seen("2024-05-08T09:55:00Z") };

    const findings = await examine(stack({ objects, alarms: noAlarms }));

    const unknown = findings.filter(({ state }) => state === "unknown");
    expect(unknown.map(({ check }) => check)).to.deep.equal([
      "observations",
      "alarms",
      "given up",
      "quarantine",
      "days",
    ]);
    expect(unknown[2]?.found).to.equal("S3 says AccessDenied: no s3:ListBucket");
    expect(exitCodeOf(findings)).to.equal(3);
  });

  it("leave what there is none of, such as alarms in a local run, out of what is unknown", async () => {
    const noAlarms = () => Promise.reject(new NotThereError("a local run has no alarms"));

    const findings = await examine(stack({ alarms: noAlarms }));

    expect(findings.find(({ check }) => check === "alarms")).to.deep.equal({
      check: "alarms",
      state: "n/a",
      found: "a local run has no alarms",
    });
    expect(exitCodeOf(findings)).to.equal(0);
  });

  it("answer 1 where something warns or fails, whatever else is unknown", async () => {
    const symptoms = { callsLeft: async () => undefined, iteratorAge: async () => 700 };

    expect(exitCodeOf(await examine(stack(symptoms)))).to.equal(1);
  });

  it("end for credentials that AWS does not take: nothing could be known", async () => {
    const cause = Object.assign(new Error("unknown token"), { name: "InvalidClientTokenId" });
    const refused = () => Promise.reject(new UserError("SNS says InvalidClientTokenId", { cause }));

    const error = await examine(stack({ subscriptions: refused })).catch((problem: unknown) => problem);

    expect(error).to.be.instanceOf(UserError);
  });

  it("are shown with what to do below each", async () => {
    const text = formatFindings("dev", await examine(stack({ iteratorAge: async () => 700 })));

    expect(text).to.match(/iterator age alert .*behind the stream\n +→ the log of the function alert/);
    expect(text).to.match(/\n\d+ ok, 0 warn, 2 fail, 0 unknown, 0 n\/a\n$/);
  });
});
