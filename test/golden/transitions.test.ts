import { expect } from "chai";
import { alignColumns } from "../../cli/columns.ts";
import type { AlertSummary } from "../../cli/start/summary.ts";
import { effectiveRules } from "../../config/rules.ts";
import { readReplay } from "../../replay/replay.ts";
import { decisionsOf } from "../../replay/transitions.ts";
import { expectGolden } from "../handlers/support/golden.ts";
import { portoAlegre } from "../handlers/support/places.ts";
import { inmetFile } from "../replay/inmet-file.ts";

const FILES = {
  flood: "A801_2024-04-29_05-05_flood.csv",
  windstorm: "A801_2024-01-16_17_windstorm.csv",
  "second-rain": "A801_2024-05-23_27_second_rain_with_gap.csv",
} as const;

const COLUMNS = ["time", "location", "hazard", "level", "kind", "value", "threshold"] as const;
const NUMBERS = COLUMNS.map((column) => column === "value" || column === "threshold");

/** One transition a line, its figures in the rule's unit; docs/alerts-by-hand.md says how to check them. */
function list(transitions: readonly AlertSummary[]): string {
  const rows = transitions.map((transition) => COLUMNS.map((column) => String(transition[column])));
  return `${alignColumns([[...COLUMNS], ...rows], NUMBERS).lines.join("\n")}\n`;
}

function expectList(name: string, transitions: readonly AlertSummary[]): void {
  expectGolden(`../../golden/transitions/${name}.txt`, list(transitions));
}

async function decide(file: string): Promise<readonly AlertSummary[]> {
  const replay = await readReplay(file, { locations: [portoAlegre] });
  if (replay.kind !== "readings") return expect.fail(`${file} was read as records`);
  const rules = effectiveRules({
    preset: "inmet",
    hazards: [],
    off: [],
    yellow: "message",
    doubtful: "send",
  });
  return decisionsOf(replay.readings, portoAlegre, rules).announced;
}

describe("transitions by INMET's levels", () => {
  for (const [name, file] of Object.entries(FILES)) {
    it(`of ${file} are those of ${name}.txt`, async function () {
      expectList(name, await decide(inmetFile(this, file)));
    });
  }

  it("of the figures in data/ are the same as of INMET's own file", async () => {
    expectList("flood", await decide("data/porto-alegre-2024-flood.csv"));
  });
});
