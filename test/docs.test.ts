import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = globSync(["*.md", "docs/**/*.md", "data/*.md"], { cwd: ROOT });
const INDEX = "docs/README.md";
/** Pages in Portuguese, and the English pages that they translate. */
const TRANSLATIONS = PAGES.filter((page) => page.endsWith(".pt-BR.md")).map((translated) => ({
  translated,
  original: translated.replace(".pt-BR.md", ".md"),
}));
/** Paths of files and folders of the project in sentences; a name in capitals stands for any. */
const PATH = /`((?:cli|config|data|docs|etl|handlers|infra|lib|local|queries|replay|test)\/[^`\s*{…]*)`/g;

const SCRIPTS: Readonly<Record<string, string>> = JSON.parse(rawTextOf("package.json")).scripts;
/** The commands of `npx stormwire`, each of which is an npm script. */
const COMMANDS = Object.keys(SCRIPTS).filter((name) => SCRIPTS[name]?.startsWith("node cli/main.ts"));

describe("documentation", () => {
  for (const page of PAGES) {
    it(`${page} links to files and sections that are there`, () => {
      expect(linksOf(page).filter((link) => !isThere(page, link))).to.deep.equal([]);
    });
  }

  for (const page of PAGES.filter((each) => each !== "CHANGELOG.md")) {
    it(`${page} names files and commands that are there`, () => {
      const paths = [...textOf(page).matchAll(PATH)].map(([, path = ""]) => path);
      const known = paths.filter((path) => /[A-Z]{4}/.test(path) || existsSync(join(ROOT, path)));

      expect(known).to.deep.equal(paths);
      expect([...COMMANDS, "COMMAND"]).to.include.members(commandsOf(page));
      expect([...Object.keys(SCRIPTS), "COMMAND"]).to.include.members(scriptsOf(page));
    });
  }

  it("CONTRIBUTING.md names what is in the files that it names", () => {
    const named = [...textOf("CONTRIBUTING.md").matchAll(/`([\w/-]+\.ts)`[^`]*\(`(\w+)`\)/g)];

    expect(named).to.have.length.above(10);
    for (const [, file = "", name = ""] of named) {
      expect(rawTextOf(file).split(/\W/), file).to.include(name);
    }
  });

  it("docs/commands.md names every command", () => {
    expect(commandsOf("docs/commands.md")).to.include.members(COMMANDS);
  });

  it("is translated where people read messages", () => {
    expect(TRANSLATIONS.map(({ original }) => original)).to.have.members([
      "README.md",
      "docs/scheduled-messages.md",
      "docs/subscriptions.md",
    ]);
  });

  for (const { translated, original } of TRANSLATIONS) {
    it(`${translated} has the blocks, numbers and links of ${original}`, () => {
      expect(blocksOf(translated)).to.deep.equal(blocksOf(original));
      expect(numbersOf(translated)).to.deep.equal(numbersOf(original));
      expect(linksWithoutLanguage(translated)).to.deep.equal(linksWithoutLanguage(original));
      expect(headingLevelsOf(translated)).to.deep.equal(headingLevelsOf(original));
    });
  }

  it("has every page in its index", () => {
    const named = linksOf(INDEX).map((link) => relative(ROOT, join(ROOT, "docs", link.split("#")[0] ?? "")));

    const pages = PAGES.filter((page) => page.startsWith("docs") && page !== INDEX);

    expect(named).to.include.members(pages);
  });
});

/** Names of the commands that a page shows, in its sentences and its blocks. */
function commandsOf(page: string): string[] {
  return [...rawTextOf(page).matchAll(/npx stormwire ([\w-]+)/g)].map(([, name = ""]) => name);
}

/** Names of the npm scripts that a page shows. */
function scriptsOf(page: string): string[] {
  return [...rawTextOf(page).matchAll(/npm run (?:--silent )?([\w-]+(?::\w+)?)/g)].map(
    ([, name = ""]) => name,
  );
}

/** Targets of the links within the project. */
function linksOf(page: string): string[] {
  return [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

const BLOCK = /^ *```[\s\S]*?^ *```$/gm;

/** Blocks of commands, output and config: what one types or sees is the same in every language. */
function blocksOf(page: string): string[] {
  return rawTextOf(page).match(BLOCK) ?? [];
}

/** Numbers in sentences and tables, in any order, with a decimal point as in English. */
function numbersOf(page: string): string[] {
  const sentences = textOf(page).replace(/\]\([^)]*\)/g, "]");
  return (sentences.match(/\d+(?:[.,:]\d+)*/g) ?? []).map((number) => number.replace(",", ".")).sort();
}

/** Where the links of a page lead, in any order. A page and its translation count as one, and headings are not compared. */
function linksWithoutLanguage(page: string): string[] {
  return linksOf(page)
    .map((target) => target.replace(".pt-BR.md", ".md"))
    .map((target) => (isTranslated(target.split("#")[0] ?? "") ? target.replace(/#.*/, "#") : target))
    .sort();
}

/** Whether a link leads to a page with a translation, or stays on its own page. */
function isTranslated(path: string): boolean {
  return path === "" || TRANSLATIONS.some(({ original }) => basename(original) === basename(path));
}

function headingLevelsOf(page: string): number[] {
  return [...textOf(page).matchAll(/^(#+) /gm)].map(([, marks = ""]) => marks.length);
}

function isThere(page: string, link: string): boolean {
  const [path = "", section] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return false;
  return section === undefined || sectionsOf(target).includes(section);
}

/** Names of a page's headings as GitHub makes them; a heading that comes again gets a number. */
function sectionsOf(page: string): string[] {
  const counts = new Map<string, number>();
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => {
    const name = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
}

/** Without blocks of code, in which nothing is a link or a heading. */
function textOf(page: string): string {
  return rawTextOf(page).replace(BLOCK, "");
}

function rawTextOf(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}
