import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ProgramError } from "../../../local/program/error.ts";
import { loadProgram } from "../../../local/program/load.ts";
import { refusal } from "../endpoint/refusal.ts";

const orders = fileURLToPath(new URL("../../fixtures/orders", import.meta.url));

describe("loading a program", function () {
  this.timeout(30_000);
  let folder: string;

  beforeEach(async () => {
    // Beside the fixtures, so that a program written here finds the Pulumi SDK.
    folder = await mkdtemp(join(orders, "../.local-program-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("gives every resource its resolved inputs, what AWS would compute, and its edges", async () => {
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

  it("lets config be overridden", async () => {
    const overrides = { "orders:kitchen": "+15550100" };
    const graph = await loadProgram({
      directory: orders,
      stack: "local",
      packages: join(folder, "packages"),
      overrides,
    });

    expect(graph.resources.find(({ name }) => name === "kitchen")?.inputs.endpoint).to.equal("+15550100");
  });

  const broken: [string, Record<string, string>, RegExp][] = [
    ["no project", {}, /Pulumi\.yaml cannot be read: there is no Pulumi project/],
    [
      "a project that is no YAML",
      { "Pulumi.yaml": "name: x\nruntime: [nodejs\n" },
      /Pulumi\.yaml, line 3, column 1: this is no YAML\. Flow sequence in block collection must be sufficiently indented and end with a \]$/,
    ],
    [
      "a stack that is no YAML",
      { "Pulumi.yaml": project(), "Pulumi.local.yaml": "config:\n  x:key: planted\n  x:key: planted\n" },
      /Pulumi\.local\.yaml, line 3, column 3: this is no YAML\. Map keys must be unique$/,
    ],
    [
      "a stack with tabs",
      { "Pulumi.yaml": project(), "Pulumi.local.yaml": "config:\n\tx:key: planted\n" },
      /Pulumi\.local\.yaml, line 2, column 1: this is no YAML\. Tabs are not allowed as indentation$/,
    ],
    [
      "a stack with an alias of nothing",
      { "Pulumi.yaml": project(), "Pulumi.local.yaml": "config:\n  x:key: *none\n" },
      /Pulumi\.local\.yaml: this is no YAML\. Unresolved alias .*: none$/,
    ],
    [
      "a project of another language",
      { "Pulumi.yaml": "name: x\nruntime: python\n" },
      /is no Pulumi project for Node\.js/,
    ],
    [
      "no such stack",
      { "Pulumi.yaml": project(), "Pulumi.dev.yaml": "" },
      /there is no stack "local" \(there are: dev\)/,
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
      /holds secrets that only Pulumi can decrypt: x:key/,
    ],
    [
      "a program that throws",
      { ...complete(), "index.ts": 'throw new Error("no luck");' },
      /Error: no luck\n/,
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
      /The program asks AWS for aws:s3\/getBucket:getBucket\(\{"bucket":"b"\}\)/,
    ],
  ];
  for (const [name, files, message] of broken) {
    it(`fails by name: ${name}`, async () => {
      await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(folder, file), text)));

      const error = await refusal(() =>
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
