import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse as parseYaml } from "yaml";
import { parseConfig } from "../../config/check.ts";
import { stackConfigSchema } from "../../config/schema.ts";
import { schemasAt } from "../../config/schema-walk.ts";
import { projectDirectory } from "../infra/program.ts";
import { documentedLines } from "./documented.ts";
import { keyParts, PulumiConfig, pulumiCommands } from "./pulumi-words.ts";

const ENV = { SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
const KEY = { "stormwire:apiKey": "key" };
const lines = documentedLines();

const FIRST = "docs/first-deployment.md";

describe("documented pulumi commands", () => {
  it("are found in blocks, in sentences and in the stacks' files", () => {
    const filesOf = (isBlock: boolean) => [
      ...new Set(lines.filter((line) => line.isBlock === isBlock).map(({ file }) => file)),
    ];

    expect(filesOf(true)).to.include.members([
      "README.md",
      FIRST,
      "docs/subscriptions.md",
      "docs/webhooks.md",
    ]);
    expect(filesOf(false)).to.include.members(["README.md", "docs/runbook.md", "Pulumi.prod.yaml"]);
  });

  for (const { file, line, text } of lines) {
    it(`${file}:${line} is taken by the CLI: ${text}`, () => {
      const commands = pulumiCommands(text, ENV);

      expect(commands).not.to.deep.equal([]);
      for (const { name, words } of commands.filter(({ name }) => name.startsWith("config "))) {
        if (words[0] === "aws:region") continue;
        const [namespace, key = ""] = (words[0] ?? "").split(/:(.*)/s);
        expect(namespace).to.equal("stormwire");
        expect(schemasAt(stackConfigSchema, keyParts(key)), `${key} is a key of config`).not.to.deep.equal(
          [],
        );
        if (name === "config set") expect(text, "a value may begin with a hyphen").to.include(" -- ");
      }
    });
  }

  for (const file of ["README.md", FIRST, "docs/subscriptions.md", "docs/webhooks.md"]) {
    it(`make a config that a preview takes: blocks of ${file}`, () => {
      const { config } = parseYaml(readFileSync(join(projectDirectory, "Pulumi.dev.yaml"), "utf8"));
      const stack = new PulumiConfig({ ...config, ...KEY });
      for (const { text } of lines.filter((line) => line.file === file && line.isBlock)) {
        for (const command of pulumiCommands(text, ENV)) stack.run(command);
      }

      const { locations, sms, webhooks } = parseConfig(stack.asPassed(), "dev", new Date());

      if (file !== FIRST) return;
      expect(locations.rio).to.include({ latitude: -22.9, longitude: -43.2 });
      expect(sms.maxPriceUsd).to.equal(0.05);
      expect(webhooks.group?.chatId).to.equal("-1001234567890");
    });
  }
});
