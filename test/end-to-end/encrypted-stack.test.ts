import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { runCommandLine } from "../cli/command-line.ts";
import { temporaryFolder } from "./command.ts";
import { plantedProject } from "./planted-project.ts";

const SECURE = { secure: "v1:abc" };

describe("npm start with a stack whose secrets are encrypted", function () {
  this.timeout(120_000);

  it("runs with placeholders, says for what, and leaves a run that other commands read", async () => {
    const project = await plantedProject();
    const folder = await temporaryFolder();
    const planted = parse(await readFile(join(project.path, "Pulumi.planted.yaml"), "utf8"));
    const config = {
      ...planted.config,
      "stormwire:apiKey": SECURE,
      "stormwire:opsEmail": SECURE,
      "stormwire:webhooks": {},
      "stormwire:subscriptions": { me: { sms: SECURE, email: SECURE, level: "orange" } },
    };
    await writeFile(join(project.path, "Pulumi.dev.yaml"), stringify({ config, encryptionsalt: "v1:x" }));
    const out = join(folder.path, "run");
    const terminal = { projectDirectory: project.path };

    try {
      const until = ["--until", "2024-04-30T12:00:00Z"];
      const { code, error: log } = await runCommandLine(
        ["start", "--stack", "dev", "--out", out, ...until],
        terminal,
      );

      expect(code, log).to.equal(0);
      expect(log).to.match(
        /^Placeholders stand for .*: stormwire:apiKey, stormwire:opsEmail, stormwire:subscriptions\.me\.sms, stormwire:subscriptions\.me\.email\. With PULUMI_CONFIG_PASSPHRASE/m,
      );
      const outbox = await readFile(join(out, "outbox.ndjson"), "utf8");
      expect(outbox).to.match(/"endpoint":"\+120255501\d\d"/);
      const listed = await runCommandLine(["subscriptions", "--stack", "dev", "--out", out], terminal);
      expect(listed.code, listed.error).to.equal(0);
    } finally {
      await project.remove();
      await folder.remove();
    }
  });
});
