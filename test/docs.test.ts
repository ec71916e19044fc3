import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = globSync(["*.md", "docs/**/*.md", "data/*.md"], { cwd: ROOT });
const INDEX = "docs/README.md";
/** Paths of files and folders of the project in sentences; a name in capitals stands for any. */
const PATH = /`((?:cli|config|data|docs|etl|handlers|infra|lib|local|queries|replay|test)\/[^`\s*{…]*)`/g;

describe("documentation", () => {
  for (const page of PAGES) {
    it(`${page} links to files and sections that are there`, () => {
      expect(linksOf(page).filter((link) => !isThere(page, link))).to.deep.equal([]);
    });
  }

  for (const page of ["README.md", "CONTRIBUTING.md", "docs/config.md"]) {
    it(`${page} names files that are there`, () => {
      const paths = [...textOf(page).matchAll(PATH)].map(([, path = ""]) => path);

      expect(paths.filter((path) => !/[A-Z]{4}/.test(path) && !existsSync(join(ROOT, path)))).to.deep.equal(
        [],
      );
    });
  }

  it("has every page in its index", () => {
    const named = linksOf(INDEX).map((link) => relative(ROOT, join(ROOT, "docs", link.split("#")[0] ?? "")));

    const pages = PAGES.filter((page) => page.startsWith("docs") && page !== INDEX);

    expect(named).to.include.members(pages);
  });
});

/** Targets of the links within the project. */
function linksOf(page: string): string[] {
  return [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
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
  return readFileSync(join(ROOT, page), "utf8").replace(/^ *```[\s\S]*?^ *```$/gm, "");
}
