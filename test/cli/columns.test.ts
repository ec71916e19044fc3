import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import stringWidth from "string-width";
import { formatReport as formatIam } from "../../cli/iam/format.ts";
import { formatTable } from "../../cli/query/format.ts";
import { ruleTable } from "../../config/rule-table.ts";
import { alignColumns } from "../../lib/columns.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";
import { projectDirectory } from "../infra/program.ts";
import { good, parse } from "../infra/stack-config.ts";

const HEAD = ["name", "found", "count"];
const ROW = ["São Paulo", "the stream is behind by 42 minutes, and nobody reads it", "1,234.5"];

describe("columns", () => {
  it("stay as wide as they are where the width has no limit", () => {
    const { lines, isCramped } = alignColumns([HEAD, ROW], [false, false, true]);
    expect(lines[1]).to.equal(ROW.join("  "));
    expect(isCramped).to.equal(false);
  });

  for (const width of [80, 60, 40, 30])
    it(`fit into ${width} characters, and lose none`, () => {
      const { lines } = alignColumns([HEAD, ROW], [false, false, true], width);
      for (const line of lines.join("\n").split("\n")) expect(stringWidth(line), line).to.be.at.most(width);
      for (const word of ["stream", "minutes", "nobody", "1,234.5"])
        expect(lines.join("\n")).to.include(word);
    });

  it("break words only where nothing else helps, and no number", () => {
    const { lines, isCramped } = alignColumns([["extraordinarily", "12345678"]], [false, true], 18);
    expect(isCramped).to.equal(true);
    expect(lines[0]).to.equal("extraord  12345678\ninarily");
  });

  it("count wide characters as two and accents as none of their own", () => {
    const decomposed = "Sa\u0303o";
    const { lines } = alignColumns([
      ["東京", "1"],
      [decomposed, "2"],
      ["abcd", "3"],
    ]);
    expect(lines).to.deep.equal(["東京  1", `${decomposed}   2`, "abcd  3"]);
  });

  it("of the rules are a block for each rule where words would be broken", () => {
    const [first = "", second = ""] = ruleTable(parse(good), 60).split("\n");
    expect([first, second]).to.deep.equal(["LOCATION   porto-alegre", "HAZARD     rain"]);
    expect(ruleTable(parse(good))).to.match(/^LOCATION +HAZARD +MEASURE/);
  });

  it("are made in one place", () => {
    const files = globSync("cli/**/format.ts", { cwd: projectDirectory });
    const byHand = files.filter((file) =>
      /pad(Start|End)/.test(readFileSync(join(projectDirectory, file), "utf8")),
    );
    expect(byHand).to.deep.equal([]);
  });
});

describe("tables on a terminal of 60 columns", () => {
  const { stdout } = process;
  const before = [stdout.isTTY, stdout.columns] as const;

  beforeEach(() => {
    Object.assign(stdout, { isTTY: true, columns: 60 });
  });

  afterEach(() => {
    [stdout.isTTY, stdout.columns] = before;
  });

  const names = [
    "location",
    "local_day",
    "temperature_min",
    "temperature_mean",
    "rain_hours_known",
    "observations",
  ];
  const query = { columns: names.map((name) => ({ name, unit: "h" })) } as unknown as SavedQuery;
  const result = {
    columns: names.map((name) => ({ name, type: "double" })),
    rows: [["porto-alegre", "2024-04-28", 18.8, 19, 3, 4]],
    bytesScanned: 0,
  };

  it("have the rows of a result as blocks where its columns do not fit", () => {
    Object.assign(stdout, { columns: 40 });
    const table = formatTable(query, result);
    expect(table)
      .to.match(/^location +porto-alegre h\nlocal_day +2024-04-28 h\n/)
      .and.match(/\n\n1 row\n$/);
  });

  it("are no wider than it, with and without an indent", () => {
    const owner = "arn:aws:iam::123456789012:role/a-role-with-a-long-name-that-goes-on";
    const patterns = [{ owner, effect: "Allow", action: "s3:GetObject" }];
    const iam = formatIam({
      stack: "dev",
      roles: [],
      resources: [],
      wide: [],
      patterns,
    } as unknown as Parameters<typeof formatIam>[0]);
    for (const text of [formatTable(query, result), iam])
      for (const line of text.split("\n")) expect(stringWidth(line), line).to.be.at.most(60);
  });

  it("are as wide as they are when the output is piped", () => {
    Object.assign(stdout, { isTTY: false });
    expect(formatTable(query, result)).to.match(/^location +local_day +temperature_min .*observations$/m);
  });
});
