import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { MarkerError, replaceBetween } from "../../../cli/docs/markers.ts";
import { PAGES, type Page, stalePages } from "../../../cli/docs/pages.ts";
import { writeDocs } from "../../../cli/docs/run.ts";
import { UserError } from "../../../lib/user-error.ts";

const QUERY = `-- title: Rain | wind
-- question: How much?
-- columns: location, observed_at UTC, rain mm
-- parameters: location = %, to = last, at_least = 2.5 (-1..5), level = red (orange|red)
-- cost: little
SELECT 1 WHERE ? = ? OR ? = ?
`;

/** A page that is generated as a whole, and one of which a part is generated. */
const SOME_PAGES: readonly Page[] = [
  ...PAGES.filter(({ path }) => path === "docs/queries.md"),
  {
    path: "part.md",
    source: "nothing",
    generate: (_directory, current) => replaceBetween(current, "part", "new\n"),
  },
];

describe("generated documentation", () => {
  it("is up to date", async () => {
    const stale = (await stalePages(process.cwd())).map(({ path }) => path);
    expect(stale, "npm run docs writes them again").to.deep.equal([]);
  });

  describe("of a project", () => {
    let directory: string;

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), "docs-"));
      await mkdir(join(directory, "queries"));
      await mkdir(join(directory, "docs"));
      await writeFile(join(directory, "queries", "rain.sql"), QUERY);
      await writeFile(join(directory, "part.md"), "# P\n<!-- part:begin -->\nold\n<!-- part:end -->\nend\n");
    });

    afterEach(() => rm(directory, { recursive: true }));

    async function docs({ check = false } = {}) {
      const answer = { code: 0, out: "" };
      await writeDocs(
        { check },
        {
          projectDirectory: directory,
          out: (text) => {
            answer.out += text;
          },
          exit: (code) => {
            answer.code = code;
          },
        },
        SOME_PAGES,
      );
      return answer;
    }
    const read = (path: string) => readFile(join(directory, path), "utf8");

    it("is written once, until a header changes", async () => {
      expect(await docs()).to.deep.equal({
        code: 0,
        out: "docs/queries.md written\npart.md written\n",
      });
      expect(await docs()).to.include({ out: "everything is up to date\n" });

      await writeFile(join(directory, "queries", "rain.sql"), QUERY.replace("How much?", "How long?"));

      expect((await stalePages(directory, SOME_PAGES)).map(({ path }) => path)).to.deep.equal([
        "docs/queries.md",
      ]);
    });

    it("needs the header of every query, and says which one lacks it", async () => {
      const file = join(directory, "queries", "bare.sql");
      await writeFile(file, "SELECT 1\n");
      const error = await docs().catch((problem: Error) => problem);
      expect(error).to.be.instanceOf(UserError);
      expect((error as Error).message).to.match(
        /^bare\.sql: "-- title: …", .* are missing on top of the file; .*$/,
      );
      await rm(file);
    });

    it("is checked without being written", async () => {
      const { code, out } = await docs({ check: true });
      expect({ code, out }).to.deep.equal({
        code: 1,
        out: "docs/queries.md is out of date: run npm run docs\npart.md is out of date: run npm run docs\n",
      });
      expect(await read("part.md")).to.include("old");
    });

    it("has what the headers have", async () => {
      await docs();
      expect(await read("part.md")).to.equal("# P\n<!-- part:begin -->\nnew\n<!-- part:end -->\nend\n");
      const page = await read("docs/queries.md");
      expect(page).to.include("# Saved queries\n\n- `rain`: How much?\n\n");
      expect(page).to.include("`EXECUTE rain USING '%', '2024-05-31', 2.5, 'red'`");
      expect(page.slice(page.indexOf("## Rain"))).to.equal(`## Rain | wind

\`npx stormwire query rain\`: How much?

| parameter | takes | default |
|---|---|---|
| \`location\` | text | \`%\` |
| \`to\` | a day | \`last\` |
| \`at_least\` | a number from -1 to 5 | \`2.5\` |
| \`level\` | \`orange\`, \`red\` | \`red\` |

| column | unit |
|---|---|
| \`location\` |  |
| \`observed_at\` | UTC |
| \`rain\` | mm |

Scans little. \`--plot\` draws it.
`);
    });

    it("is rejected where a page has no lines for it", async () => {
      await writeFile(join(directory, "part.md"), "# P\n");
      const error = await docs().catch((problem: Error) => problem);
      expect(error).to.be.instanceOf(UserError);
      expect((error as Error).message).to.match(/^the part "part" needs the lines <!-- part:begin --> and/);
    });
  });

  const wrong = [
    "",
    "<!-- a:end -->\n<!-- a:begin -->\n",
    "<!-- a:begin -->\n<!-- a:begin -->\n<!-- a:end -->\n",
    "x <!-- a:begin -->\n<!-- a:end -->\n",
  ];
  for (const text of wrong) {
    it(`has no part "a" in ${JSON.stringify(text)}`, () => {
      expect(() => replaceBetween(text, "a", "b\n")).to.throw(MarkerError);
    });
  }
});
