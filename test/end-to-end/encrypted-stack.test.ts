import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { main } from "../../cli/start/main.ts";
import { main as subscriptions } from "../../cli/subscriptions/main.ts";
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
    let log = "";
    const terminal = { projectDirectory: project.path, out: () => {}, isTerminal: false };

    try {
      const until = ["--until", "2024-04-30T12:00:00Z"];
      const code = await main(["--stack", "dev", "--out", out, ...until], {
        ...terminal,
        log: (text) => {
          log += text;
        },
      });

      expect(code, log).to.equal(0);
      expect(log).to.match(
        /^Placeholders stand for .*: stormwire:apiKey, stormwire:opsEmail, stormwire:subscriptions\.me\.sms, stormwire:subscriptions\.me\.email\. With PULUMI_CONFIG_PASSPHRASE/m,
      );
      const outbox = await readFile(join(out, "outbox.ndjson"), "utf8");
      expect(outbox).to.match(/"endpoint":"\+120255501\d\d"/);
      expect(
        await subscriptions(["--stack", "dev", "--out", out], { ...terminal, error: () => {} }),
      ).to.equal(0);
    } finally {
      await project.remove();
      await folder.remove();
    }
  });
});
