import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { zipSync } from "fflate";
import { resourcesOfType } from "../../local/graph.ts";
import { difference } from "./loader/difference.ts";
import { type LoadedProgram, loadStormwire } from "./program.ts";

/** A tenth of what Lambda takes, and a thirtieth of what the callbacks would weigh with all of `dependencies`. */
const MAX_ZIPPED_BYTES = 300 * 1000;
const API_KEY = "planted-key-8c1f6b";
const PHONE = "+5551988887777";
const WEBHOOK_SECRET = "whsec_planted0AAAABBBBCCCCDDDDEEEEFFFF";
const webhooks = {
  planted: { url: "https://hooks.example.org/planted-path-4d2e", secret: WEBHOOK_SECRET },
};

describe("function packages", () => {
  let program: LoadedProgram;
  let again: LoadedProgram;
  let packages: Map<string, Buffer>;

  before(async () => {
    program = await loadStormwire("local", {
      "stormwire:apiKey": API_KEY,
      "stormwire:subscriptions": { person: { sms: PHONE } },
      "stormwire:webhooks": webhooks,
      "stormwire:messages": {},
    });
    again = await bundledAnew(() =>
      loadStormwire("local", {
        "stormwire:apiKey": "another-key",
        "stormwire:subscriptions": { person: { sms: PHONE } },
        "stormwire:webhooks": { planted: { ...webhooks.planted, url: "https://hooks.example.org/another" } },
        "stormwire:messages": {},
      }),
    );
    packages = await readPackages(program);
  });
  after(async () => {
    await program.remove();
    await again.remove();
  });

  it("are one file each", async () => {
    for (const directory of directoriesOf(program)) {
      expect(await readdir(directory)).to.deep.equal(["__index.js"]);
    }
  });

  it("stay below 300 KB zipped", () => {
    for (const [name, bytes] of packages) {
      const zipped = zipSync({ "__index.js": bytes }, { level: 6 }).length;
      expect(zipped, `${name}: ${zipped} bytes`).to.be.at.most(MAX_ZIPPED_BYTES);
    }
  });

  it("are the same bytes when the program runs again", async () => {
    const repeated = await readPackages(again);

    expect([...repeated.keys()]).to.deep.equal([...packages.keys()]);
    for (const [name, bytes] of repeated) {
      expect(bytes.equals(packages.get(name) ?? Buffer.alloc(0)), name).to.equal(true);
    }
  });

  it("come with the same inputs of every resource, but for the two secrets that differ", () => {
    expect(difference(program.graph, again.graph)).to.deep.equal({
      "ssm.Parameter api-key": "update",
      "ssm.Parameter webhook-planted": "update",
    });
    const text = ({ graph: { resources, outputs } }: LoadedProgram) =>
      JSON.stringify([resources.filter(({ type }) => type !== "aws:ssm/parameter:Parameter"), outputs]);
    expect(text(again).replaceAll(again.packages, "")).to.equal(
      text(program).replaceAll(program.packages, ""),
    );
  });

  it("hold no API key, no phone, and nothing of a webhook but its name", () => {
    expect([...packages.keys()]).to.include("webhook-planted");
    for (const [name, bytes] of packages) {
      for (const secret of [API_KEY, PHONE, WEBHOOK_SECRET.slice(6), "planted-path", "hooks.example.org"]) {
        expect(bytes.includes(secret), `${name}: ${secret}`).to.equal(false);
      }
    }
  });
});

function directoriesOf({ graph }: LoadedProgram): string[] {
  return resourcesOfType(graph, "aws:lambda/function:Function").map(
    ({ inputs }) => (inputs.code as { directory: string }).directory,
  );
}

async function readPackages(program: LoadedProgram): Promise<Map<string, Buffer>> {
  const entries = directoriesOf(program).map(
    async (directory) =>
      [directory.split("/").at(-1) ?? "", await readFile(join(directory, "__index.js"))] as const,
  );
  return new Map(await Promise.all(entries));
}

/** Without the bundles that this run of the tests keeps, which would be the same bytes whatever the program does. */
async function bundledAnew(load: () => Promise<LoadedProgram>): Promise<LoadedProgram> {
  const { STORMWIRE_BUNDLES: kept } = process.env;
  delete process.env.STORMWIRE_BUNDLES;
  try {
    return await load();
  } finally {
    if (kept !== undefined) process.env.STORMWIRE_BUNDLES = kept;
  }
}
