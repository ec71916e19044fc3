import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Graph } from "../../../local/graph.ts";
import { type LoadOptions, loadProgram } from "../../../local/program/load.ts";
import { ProgramError } from "../../../local/program/project.ts";
import { rejection } from "../endpoint/rejection.ts";

const orders = fileURLToPath(new URL("../../fixtures/orders", import.meta.url));

describe("loading a program", function () {
  this.timeout(30_000);
  let folder: string;

  beforeEach(async () => {
    // Beside the fixtures, so that a program written here finds the Pulumi SDK.
    folder = await mkdtemp(join(orders, "../.local-program-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("gives every resource its resolved inputs, computed outputs and dependencies", async () => {
    const graph = await loadProgram({
      directory: orders,
      stack: "local",
      packages: join(folder, "packages"),
    });

    const subscription = graph.resources.find(({ name }) => name === "kitchen");
    const topic = graph.resources.find(({ name }) => name === "receipts");
    expect(graph).to.deep.include({
      project: "orders",
      stack: "local",
      region: "eu-west-1",
      outputs: { stream: "orders" },
    });
    expect(topic?.outputs.arn).to.equal("arn:aws:sns:eu-west-1:123456789012:receipts");
    expect(subscription?.inputs).to.deep.include({ topic: topic?.outputs.arn, endpoint: "+4915112345678" });
    expect(subscription?.propertyDependencies.topic).to.deep.equal([topic?.urn]);
  });

  it("overrides config", async () => {
    const overrides = { "orders:kitchen": "+15550100" };
    const graph = await loadProgram({
      directory: orders,
      stack: "local",
      packages: join(folder, "packages"),
      overrides,
    });

    expect(graph.resources.find(({ name }) => name === "kitchen")?.inputs.endpoint).to.equal("+15550100");
  });

  it("gives resources names of their own, valid for their kind and the same in every run", async () => {
    const names = async () => {
      await writeProgram({
        "index.ts": [
          'import * as aws from "@pulumi/aws";',
          'new aws.s3.Bucket("tpsReports");',
          'new aws.sqs.Queue("jobs", { fifoQueue: true });',
          'new aws.sns.Topic("news", { name: "given" });',
        ].join("\n"),
      });
      const { resources } = await load({ autonaming: true });
      return resources.flatMap(({ outputs }) => outputs.bucket ?? outputs.name ?? []);
    };

    const [bucket, topic, queue] = await names();

    expect(bucket).to.match(/^tpsreports-[0-9a-f]{7}$/);
    expect(queue).to.match(/^jobs-[0-9a-f]{7}\.fifo$/);
    expect(topic).to.equal("given");
    expect(await names()).to.deep.equal([bucket, topic, queue]);
  });

  it("rejects a name that is too long for AWS", async () => {
    const name = "q".repeat(73);
    await writeProgram({ "index.ts": `import * as aws from "@pulumi/aws";\nnew aws.sqs.Queue("${name}");` });

    const error = await rejection(() => load({ autonaming: true }));

    expect(error.message).to.include(`${name}: its name would be 81 characters long`);
    expect(error.message).to.include("allowed are 80");
  });

  it("accepts a resource in place of its id", async () => {
    await writeProgram({
      "index.ts": [
        'import * as aws from "@pulumi/aws";',
        'const role = new aws.iam.Role("worker", { assumeRolePolicy: "{}" });',
        'new aws.iam.RolePolicy("policy", { role, policy: "{}" });',
        'const topic = new aws.sns.Topic("news");',
        'new aws.sns.TopicSubscription("me", { topic, protocol: "email", endpoint: "me@example.org" });',
      ].join("\n"),
    });

    const { resources } = await load();

    expect(resources.find(({ name }) => name === "policy")?.outputs.role).to.equal("worker");
    expect(resources.find(({ name }) => name === "me")?.inputs.topic).to.match(/^arn:aws:sns:.*:news$/);
  });

  const asWritten = {
    "lib/index.ts": [
      "export enum Size { Small = 1, Large = 2 }",
      "export namespace names { export const topic = 'news'; }",
    ].join("\n"),
    "text.ts": "export = { title: 'x' };",
  };
  const program = [
    'import * as aws from "@pulumi/aws";',
    'import { names, Size } from "./lib";',
    "new aws.sns.Topic(names.topic, { displayName: String(<any>Size.Large) });",
  ];

  it("runs TypeScript as Pulumi does: enums, namespaces, casts, folders, import = require", async () => {
    await writeProgram({
      ...asWritten,
      "index.ts": ['import text = require("./text");', ...program, "export const title = text.title;"].join(
        "\n",
      ),
    });

    const graph = await load();

    expect(graph.outputs).to.deep.equal({ title: "x" });
    expect(graph.resources.find(({ name }) => name === "news")?.inputs.displayName).to.equal("2");
  });

  for (const files of [
    { "package.json": '{"type":"module"}' },
    { "Pulumi.yaml": "name: x\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n" },
  ])
    it(`runs the same as an ES module: ${Object.keys(files)}`, async () => {
      await writeProgram({ ...asWritten, "index.ts": program.join("\n"), ...files });

      const { resources } = await load();

      expect(resources.find(({ name }) => name === "news")?.inputs.displayName).to.equal("2");
    });

  it("serializes a callback of a transpiled program", async () => {
    await writeProgram({
      "index.ts": [
        'import * as aws from "@pulumi/aws";',
        "enum Size { Large = 2 }",
        'const bucket = new aws.s3.Bucket("b");',
        'new aws.lambda.CallbackFunction("f", {',
        "  callback: async () => {",
        '    const { S3Client } = await import("@aws-sdk/client-s3");',
        "    return [typeof S3Client, bucket.bucket.get(), Size.Large];",
        "  },",
        "});",
      ].join("\n"),
    });

    const packages = join(folder, "packages");
    const { resources } = await load({ packages });
    const code = resources.find(({ type }) => type === "aws:lambda/function:Function")?.inputs.code;
    const { handler } = createRequire(import.meta.url)(
      join((code as { directory: string }).directory, "__index.js"),
    );

    expect(await handler({}, {})).to.deep.equal(["function", "b", 2]);
  });

  it("runs main of package.json, a folder of Pulumi.yaml and an exported function", async () => {
    await writeProgram({
      "Pulumi.yaml": "name: x\nmain: infra\nruntime: nodejs\nconfig:\n  text: { default: hello }\n",
      "infra/package.json": '{"main":"program.ts"}',
      "infra/program.ts": [
        'import * as pulumi from "@pulumi/pulumi";',
        'export = async () => ({ text: new pulumi.Config().require("text"), folder: process.cwd() });',
      ].join("\n"),
    });

    const { outputs } = await load();

    expect(outputs).to.deep.equal({ text: "hello", folder: join(folder, "infra") });
  });

  it("runs a stack without a config file, with config from elsewhere", async () => {
    await writeProgram({
      "index.ts":
        'import { Config } from "@pulumi/pulumi";\nexport const text = new Config().require("text");',
    });
    await rm(join(folder, "Pulumi.local.yaml"));

    const { outputs } = await load({
      stackFile: "optional",
      overrides: { "aws:region": "eu-west-1", text: "given" },
    });

    expect(outputs).to.deep.equal({ text: "given" });
  });

  it("shows of an error the program's own lines only", async () => {
    await writeProgram({
      "index.ts": [
        "interface Unused { a: string }",
        "function fail() {",
        '  throw new Error("no luck");',
        "}",
        "fail();",
      ].join("\n"),
    });

    const { message } = await rejection(() => load());

    expect(message.split("\n").map((line) => line.replace(folder, ""))).to.deep.equal([
      "Error: no luck",
      "    at fail (/index.ts:3:9)",
      "    at Object.<anonymous> (/index.ts:5:1)",
    ]);
  });

  async function writeProgram(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [file, text] of Object.entries({ "package.json": "{}", ...complete(), ...files })) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
  }

  function load(options: Partial<LoadOptions> = {}): Promise<Graph> {
    return loadProgram({ directory: folder, stack: "local", packages: join(folder, "packages"), ...options });
  }

  const broken: [string, Record<string, string>, RegExp][] = [
    ["no project", {}, /Pulumi\.yaml cannot be read: the Pulumi project does not exist/],
    [
      "a project that is no YAML",
      { "Pulumi.yaml": "name: x\nruntime: [nodejs\n" },
      /Pulumi\.yaml, line 3, column 1: this is not YAML\. Flow sequence in block collection must be sufficiently indented and end with a \]$/,
    ],
    [
      "a stack that is no YAML",
      { "Pulumi.yaml": project(), "Pulumi.local.yaml": "config:\n  x:key: planted\n  x:key: planted\n" },
      /Pulumi\.local\.yaml, line 3, column 3: this is not YAML\. Map keys must be unique$/,
    ],
    [
      "a stack with tabs",
      { "Pulumi.yaml": project(), "Pulumi.local.yaml": "config:\n\tx:key: planted\n" },
      /Pulumi\.local\.yaml, line 2, column 1: this is not YAML\. Tabs are not allowed as indentation$/,
    ],
    [
      "a stack with an alias of nothing",
      { "Pulumi.yaml": project(), "Pulumi.local.yaml": "config:\n  x:key: *none\n" },
      /Pulumi\.local\.yaml: this is not YAML\. Unresolved alias .*: none$/,
    ],
    [
      "a project of another language",
      { "Pulumi.yaml": "name: x\nruntime: python\n" },
      /is not a Pulumi project for Node\.js/,
    ],
    [
      "no such stack",
      { "Pulumi.yaml": project(), "Pulumi.dev.yaml": "" },
      /stack "local" does not exist \(existing stacks: dev\)/,
    ],
    ["no program", { "Pulumi.yaml": project(), "Pulumi.local.yaml": region() }, /index\.ts is missing/],
    [
      "no region",
      { "Pulumi.yaml": project(), "Pulumi.local.yaml": "config: {}\n", "index.ts": "" },
      /pulumi config set --stack local aws:region -- us-east-1/,
    ],
    [
      "a secret that only Pulumi can read",
      {
        "Pulumi.yaml": project(),
        "Pulumi.local.yaml": `${region()}  x:key:\n    secure: v1:abc\n`,
        "index.ts": "",
      },
      /contains secrets that only Pulumi can decrypt: x:key/,
    ],
    [
      "a program that throws",
      { ...complete(), "index.ts": 'throw new Error("no luck");' },
      /^Error: no luck\n/,
    ],
    [
      "config that the program requires",
      {
        ...complete(),
        "index.ts": 'import { Config } from "@pulumi/pulumi";\nnew Config().require("key");',
      },
      /^Missing required configuration variable 'x:key'; set it with the command `pulumi config set x:key <value>`$/,
    ],
    [
      "a package that is not installed",
      { ...complete(), "package.json": "{}", "index.ts": 'import "not-installed";\n' },
      /^Error: Cannot find module 'not-installed'\n {4}at [^\n]*index\.ts:1:\d+\)$/,
    ],
    [
      "a program that is not TypeScript",
      { ...complete(), "index.ts": "const a = 1;\nconst = 2;\n" },
      /index\.ts, line 2, column 7: Variable declaration expected/,
    ],
    [
      "a resource that cannot be registered",
      {
        ...complete(),
        "index.ts": [
          'import * as aws from "@pulumi/aws";',
          'new aws.sns.Topic("t", { name: aws.s3.getBucketOutput({ bucket: "b" }).bucket });',
        ].join("\n"),
      },
      /The program calls aws:s3\/getBucket:getBucket\(\{"bucket":"b"\}\)/,
    ],
  ];
  for (const [name, files, message] of broken) {
    it(`fails by name: ${name}`, async () => {
      await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(folder, file), text)));

      const error = await rejection(() =>
        loadProgram({ directory: folder, stack: "local", packages: join(tmpdir(), "never-written") }),
      );

      expect(error).to.be.instanceOf(ProgramError);
      expect(error.message).to.match(message);
    });
  }
});

function project(): string {
  return "name: x\nruntime: nodejs\n";
}

function region(): string {
  return "config:\n  aws:region: eu-west-1\n";
}

function complete(): Record<string, string> {
  return { "Pulumi.yaml": project(), "Pulumi.local.yaml": region() };
}
