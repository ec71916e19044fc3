import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { renderSummary } from "../../cli/start/render.ts";
import type { Outcome } from "../../cli/start/run.ts";
import { counted } from "../../lib/counted.ts";
import { projectDirectory } from "../infra/program.ts";

describe("counts", () => {
  it("have their noun in the singular for one, and for nothing else", () => {
    expect([0, 1, 2].map((value) => counted(value, "day"))).to.deep.equal(["0 days", "1 day", "2 days"]);
    expect([1, 3].map((value) => counted(value, "batch", "batches"))).to.deep.equal(["1 batch", "3 batches"]);
  });

  it("of a summary agree with their nouns", () => {
    const summary = {
      observations: 1,
      missing: 0,
      records: 1,
      alerts: [],
      messages: { sms: 1, email: 1, webhooks: 0 },
      raw: { objects: 1, rows: 1 },
      gold: { days: 1, rows: 1, flagged: 1 },
      unwatched: {},
      quarantined: 1,
      failed: 1,
      wallSeconds: 1,
    };
    const problems = [{ kind: "crash", message: "m", lost: true }];
    const outcome = { summary, alerts: [], queries: [], problems, lost: 1, directory: "d", bucket: "b" };
    const shown = renderSummary(outcome as unknown as Outcome);
    for (const count of ["1 SMS, 1 e-mail\n", "1 row in 1 object\n", "1 row in 1 day, 1 value flagged\n"])
      expect(shown).to.include(count);
    expect(shown)
      .to.match(/1 problem, 1 record lost/)
      .and.match(/quarantine +1 record\n/);
    expect(shown).not.to.match(/\b1 (e-mails|days|problems|records|rows|objects|values)\b/);
  });

  it("are not put before a noun in the plural by hand", () => {
    const nouns = "e-mails|days|problems|records|rows|objects|messages|readings|errors|invocations|resources";
    const byHand = new RegExp(`\\$\\{(?!counted|numeral)[\\w.]+\\} (${nouns})\\b`);
    const files = globSync("{cli,local}/**/{main,format,render,text,progress,summary}.ts", {
      cwd: projectDirectory,
    });
    const found = files.filter((file) => byHand.test(readFileSync(join(projectDirectory, file), "utf8")));
    expect(found).to.deep.equal([]);
  });
});
