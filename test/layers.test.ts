import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each folder may import of the others: the arrows of README.md's picture. The longest prefix counts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  "handlers/http": ["lib"],
  "handlers/weather": ["handlers/http", "lib"],
  "handlers/clients": ["handlers/weather", "lib"],
  handlers: ["handlers/clients", "handlers/http", "handlers/weather", "lib"],
  queries: ["lib"],
  etl: ["handlers/weather", "lib"],
  config: ["etl", "handlers", "handlers/clients", "handlers/weather", "lib"],
  infra: ["config", "etl", "handlers", "handlers/clients", "handlers/weather", "lib", "queries"],
  "index.ts": ["config", "etl", "infra"],
  local: ["lib"],
  replay: ["handlers/weather", "lib"],
  bench: ["etl", "handlers", "handlers/clients", "handlers/weather", "infra"],
  cli: [
    "config",
    "etl",
    "handlers",
    "handlers/clients",
    "handlers/weather",
    "infra",
    "lib",
    "local",
    "queries",
    "replay",
  ],
};

/** The folders whose files are read. */
const FOLDERS = [...new Set(Object.keys(MAY_IMPORT).map((layer) => layer.split("/")[0] ?? layer))].filter(
  (folder) => folder !== "index.ts",
);

/** Packages that only one layer may know. */
const OWNED_PACKAGES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^@pulumi\//, ["config", "infra", "local", "bench"]],
  [/^@aws-sdk\//, ["handlers", "handlers/clients", "etl", "local", "cli", "bench"]],
  [/^undici/, ["handlers/http"]],
];

/**
 * index.ts, a part of infra, its config, a check, the schema and its values (12), then a rule of the weather down to the
 * table of fields (6), with two to spare. A longer chain is usually a table or a type that imports what uses it.
 */
const DEEPEST_CHAIN = 20;

describe("layers", () => {
  it("import only what lies below them", async () => {
    const offences: string[] = [];
    for (const { file, layer, imported } of await imports()) {
      const target = layerOf(imported);
      const allowed = MAY_IMPORT[layer] ?? [];
      if (target !== layer && !allowed.includes(target)) {
        offences.push(`${file} imports ${imported}`);
      }
    }
    expect(offences).to.deep.equal([]);
  });

  it("keep Pulumi, the AWS SDK and undici where they belong", async () => {
    const offences: string[] = [];
    for (const { file, layer, imported } of await imports("package")) {
      const owners = OWNED_PACKAGES.find(([pattern]) => pattern.test(imported))?.[1];
      if (owners !== undefined && !owners.includes(layer)) {
        offences.push(`${file} imports ${imported}`);
      }
    }
    expect(offences).to.deep.equal([]);
  });

  it("have no circle of imports between files", async () => {
    const found = circles(await importGraph());
    expect(found).to.deep.equal([]);
  });

  it(`import at most ${DEEPEST_CHAIN} files deep from index.ts`, async () => {
    const chain = deepestChain(await importGraph(), "index.ts");
    expect(chain.length, chain.join(" -> ")).to.be.at.most(DEEPEST_CHAIN);
  });

  it("keep the table of limits a table, which imports nothing", async () => {
    const ofLimits = (await imports()).filter(({ file }) => file === "config/limits.ts");
    expect(ofLimits).to.deep.equal([]);
  });

  it("know no weather in local/", async () => {
    const words = /\b(weather|observation|rain|humidity|gust|stormwire|porto)/i;
    for (const file of await sources("local")) {
      expect(await readFile(join(root, file), "utf8"), file).not.to.match(words);
    }
  });
});

interface Import {
  readonly file: string;
  readonly layer: string;
  /** Path from the project's folder, or a package's name. */
  readonly imported: string;
}

async function imports(kind: "path" | "package" = "path"): Promise<Import[]> {
  const found: Import[] = [];
  const files = ["index.ts", ...(await Promise.all(FOLDERS.map(sources))).flat()];
  for (const file of files) {
    const text = await readFile(join(root, file), "utf8");
    for (const [, specifier = ""] of text.matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)) {
      const isPath = /^[.#]/.test(specifier);
      if (isPath === (kind === "path")) {
        found.push({ file, layer: layerOf(file), imported: isPath ? resolved(file, specifier) : specifier });
      }
    }
  }
  return found;
}

function resolved(file: string, specifier: string): string {
  return specifier.startsWith("#")
    ? `${specifier.slice(1)}.ts`
    : relative(root, join(root, dirname(file), specifier));
}

/** Files that each production file imports. */
type ImportGraph = ReadonlyMap<string, readonly string[]>;

async function importGraph(): Promise<ImportGraph> {
  const byFile = Map.groupBy(await imports(), ({ file }) => file);
  return new Map([...byFile].map(([file, found]) => [file, found.map(({ imported }) => imported)]));
}

/** One circle per file at which a walk comes back to itself, as `a -> b -> a`. */
function circles(graph: ImportGraph): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      return;
    }
    if (done.has(file)) return;
    for (const imported of graph.get(file) ?? []) walk(imported, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}

/** The longest way from a file along its imports. The graph must have no circle. */
function deepestChain(
  graph: ImportGraph,
  file: string,
  known = new Map<string, readonly string[]>(),
): readonly string[] {
  const cached = known.get(file);
  if (cached !== undefined) return cached;
  known.set(file, [file]); // ends the walk in a circle, which the test for circles names
  const below = (graph.get(file) ?? []).map((imported) => deepestChain(graph, imported, known));
  const longest = below.reduce((deepest, chain) => (chain.length > deepest.length ? chain : deepest), []);
  const chain = [file, ...longest];
  known.set(file, chain);
  return chain;
}

/** The layer with the longest prefix of a path. */
function layerOf(path: string): string {
  const matching = Object.keys(MAY_IMPORT).filter((layer) => path === layer || path.startsWith(`${layer}/`));
  return matching.sort((a, b) => b.length - a.length)[0] ?? path;
}

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true });
  return entries.filter((entry) => entry.endsWith(".ts")).map((entry) => join(folder, entry));
}
