import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { outboxOf, projectDirectory, runCommand, temporaryFolder } from "./command.ts";

const ORDERS = join(projectDirectory, "test/fixtures/orders");
const FIVE_MINUTES = ["--from", "2024-01-01T00:00:00Z", "--until", "2024-01-01T00:04:00Z"];

describe("npm run local, another program", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it("runs orders through a stream to a topic", async () => {
    const out = join(folder.path, "run");

    const ended = await runCommand("local", "--program", ORDERS, "--out", out, "--json", ...FIVE_MINUTES);
    const outcome = JSON.parse(ended.stdout);

    expect(ended.code, ended.stderr).to.equal(0);
    expect(outcome).to.deep.include({
      project: "orders",
      resources: 14,
      messages: 10,
      notEmulated: [],
      problems: [],
    });
    const shop = Object.keys(outcome.functions).find((name) => /^shop-[0-9a-f]{7}$/.test(name)) ?? "";
    expect(outcome.functions[shop]).to.deep.equal({ invocations: 5, errors: 0 });
    const messages = (await outboxOf(out)).map(({ message }) => message);
    expect(messages.slice(0, 2)).to.have.members([
      "Order 2024-01-01T00:00:00Z#2: 2 pizzas",
      "Order 2024-01-01T00:00:00Z#3: 3 pizzas",
    ]);
    expect(messages, "the filter policy holds back single pizzas").not.to.include(
      "Order 2024-01-01T00:00:00Z#1: 1 pizzas",
    );
  });

  it("fails visibly when a role lacks a permission, and names what is not emulated", async () => {
    // Below the project, so that the program finds the Pulumi SDK.
    const copy = join(projectDirectory, "test/fixtures/.local-orders");
    await cp(ORDERS, copy, {
      recursive: true,
      filter: (source) => !source.includes(".local") || source.endsWith("local.yaml") || source === ORDERS,
    });
    const program = await readFile(join(copy, "index.ts"), "utf8");
    const cluster = 'new aws.ecs.Cluster("unused");\n';
    await writeFile(
      join(copy, "index.ts"),
      `${program.replace('"sns:Publish"', '"sns:GetTopicAttributes"')}\n${cluster}`,
    );

    const ended = await runCommand(
      "local",
      "--program",
      copy,
      "--out",
      join(folder.path, "run"),
      ...FIVE_MINUTES,
    );
    await folder.remove();

    expect(ended.code).to.equal(1);
    expect(ended.stdout).to.include("not emulated: aws:ecs/cluster:Cluster");
    expect(ended.stdout).to.match(
      /problem, denied: .*counter.* may not sns:Publish on arn:aws:sns:eu-west-1:123456789012:receipts-[0-9a-f]{7}/,
    );
  });
});
