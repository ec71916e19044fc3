import { copyFile, cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import type { Graph } from "../../local/graph.ts";
import { checkGolden } from "./golden/golden.ts";
import { BEFORE, type ConfigChange, duty, mayor } from "./loader/changes/stack.ts";
import { CHANGES } from "./loader/changes.ts";
import { type Change, difference, label } from "./loader/difference.ts";
import { subscribedTwice } from "./loader/endpoints.ts";
import { graphOf } from "./loader/graphs.ts";
import { projectDirectory } from "./program.ts";

type Tree = Record<string, unknown>;

describe("a change of config", function () {
  this.timeout(120_000);
  let config: Tree;
  let base: Graph;
  const temporary: string[] = [];

  before(async () => {
    const file = parse(await readFile(join(projectDirectory, "Pulumi.dev.yaml"), "utf8"));
    config = {};
    for (const [key, value] of Object.entries({ ...ownKeys(file.config), ...BEFORE }))
      set(config, key, value);
    base = await graphOf({ stack: "dev", overrides: overrides(config) });
  });
  after(() => Promise.all(temporary.map((path) => rm(path, { recursive: true, force: true }))));

  for (const change of CHANGES) {
    it(`${change.what}: touches ${summary(change.touches)}`, async () => {
      const after = await graphAfter(change);

      expect(difference(base, after)).to.deep.equal(expanded(change.touches, base));
      expect(subscribedTwice(base, after), "SNS would refuse it").to.deep.equal([]);
    });
  }

  const refused: readonly (Pick<ConfigChange, "what" | "set" | "remove"> & { readonly twice: string[] })[] = [
    {
      what: "a person is renamed without `was`",
      remove: ["subscriptions.duty"],
      set: { "subscriptions.officer": duty },
      twice: ["duty-email -> officer-email", "duty-sms -> officer-sms"],
    },
    {
      what: "a phone goes from one person to another",
      remove: ["subscriptions.duty.sms"],
      set: { "subscriptions.mayor.sms": duty.sms },
      twice: ["duty-sms -> mayor-sms"],
    },
    {
      what: "two people swap mailboxes",
      set: { "subscriptions.duty.email": mayor.email, "subscriptions.mayor.email": duty.email },
      twice: ["duty-email -> mayor-email", "mayor-email -> duty-email"],
    },
  ];
  for (const { what, twice, ...change } of refused) {
    it(`in which ${what} would subscribe an endpoint twice, as docs/upgrading.md says`, async () => {
      expect(subscribedTwice(base, await graphAfter(change))).to.deep.equal(twice);
    });
  }

  it("touches nothing when a former name is not said any more", async () => {
    const remove = ["subscriptions.duty"];
    const [saying, silent] = await Promise.all([
      graphAfter({ remove, set: { "subscriptions.officer": { ...duty, was: "duty" } } }),
      graphAfter({ remove, set: { "subscriptions.officer": duty } }),
    ]);

    expect(difference(saying, silent)).to.deep.equal({});
  });

  it("touches nothing when there is none", async () => {
    const directory = await programWithQueries({});
    const again = await graphOf({ stack: "dev", overrides: overrides(config), directory });

    expect(again).not.to.equal(base);
    expect(difference(base, again)).to.deep.equal({});
  });

  it("is told in docs/upgrading.md, with all that it touches", () =>
    checkGolden(join(projectDirectory, "docs/upgrading.md"), table(CHANGES), "changes"));

  async function graphAfter({
    set: values = {},
    remove = [],
    queries,
  }: Omit<ConfigChange, "what" | "touches">): Promise<Graph> {
    const changed = structuredClone(config);
    for (const path of remove) unset(changed, path);
    for (const [path, value] of Object.entries(values)) set(changed, path, value);
    const directory = queries && (await programWithQueries(queries));
    return graphOf({ stack: "dev", overrides: overrides(changed), ...(directory && { directory }) });
  }

  /** The program beside other saved queries: a copy of its main file, which reads the folder next to it. */
  async function programWithQueries(queries: NonNullable<ConfigChange["queries"]>): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "stormwire-program-"));
    temporary.push(directory);
    for (const entry of [
      "config",
      "infra",
      "handlers",
      "etl",
      "lib",
      "package.json",
      "Pulumi.yaml",
      "Pulumi.dev.yaml",
    ]) {
      await symlink(join(projectDirectory, entry), join(directory, entry));
    }
    await copyFile(join(projectDirectory, "index.ts"), join(directory, "index.ts"));
    await cp(join(projectDirectory, "queries"), join(directory, "queries"), { recursive: true });
    for (const [file, text] of Object.entries(queries)) {
      const path = join(directory, "queries", file);
      if (text === null) await rm(path);
      else if (text.endsWith(".sql")) await copyFile(join(projectDirectory, "queries", text), path);
      else await writeFile(path, text);
    }
    return directory;
  }
});

function ownKeys(content: Tree): Tree {
  const own = Object.entries(content).filter(([key]) => key.startsWith("stormwire:"));
  return Object.fromEntries(own.map(([key, value]) => [key.slice("stormwire:".length), value]));
}

function overrides(config: Tree): Tree {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [`stormwire:${key}`, value]));
}

function set(tree: Tree, path: string, value: unknown): void {
  const [first = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    tree[first] = structuredClone(value);
    return;
  }
  tree[first] ??= {};
  set(tree[first] as Tree, rest.join("."), value);
}

function unset(tree: Tree, path: string): void {
  const [first = "", ...rest] = path.split(".");
  if (!(first in tree)) throw new Error(`There is no ${path} to remove`);
  if (rest.length === 0) delete tree[first];
  else unset(tree[first] as Tree, rest.join("."));
}

/** `KIND *` replaced by every resource of the kind. */
function expanded(touches: ConfigChange["touches"], { resources }: Graph): Record<string, Change> {
  const labels = resources.map(label);
  const entries = Object.entries(touches).flatMap(([name, change]) =>
    name.endsWith(" *")
      ? labels.filter((one) => one.startsWith(name.slice(0, -1))).map((one) => [one, change] as const)
      : [[name, change] as const],
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function summary(touches: ConfigChange["touches"]): string {
  const count = Object.keys(touches).length;
  return count > 4 ? `${count} resources` : Object.keys(touches).join(", ");
}

function table(changes: readonly ConfigChange[]): string {
  const rows = changes.map(({ what, touches }) => {
    const kinds = (["create", "update", "replace", "delete"] as const).flatMap((change) => {
      const names = Object.keys(touches).filter((name) => touches[name] === change);
      return names.length > 0 ? [`${change}: ${inWords(names)}`] : [];
    });
    return `| ${what} | ${kinds.join("<br>")} |`;
  });
  return ["| change | what the update does |", "|---|---|", ...rows].join("\n");
}

/** Many resources of one name are one thing to whoever reads of them. */
function inWords(labels: readonly string[]): string {
  const byName = Object.entries(Object.groupBy(labels, (one) => one.slice(one.indexOf(" ") + 1)));
  return byName
    .flatMap(([name, same = []]) =>
      same.length > 4 ? [`${same.length} resources of \`${name}\``] : same.map((one) => `\`${one}\``),
    )
    .join(", ");
}
