import type { Summary } from "../../cli/start/summary.ts";
import { expectGolden } from "../handlers/support/golden.ts";
import { figuresOf } from "./command.ts";

/** Every run over the shipped figures comes to these, whatever file of tests starts it. */
export function expectFloodFigures(summary: Summary): void {
  expectGolden("../../golden/flood-figures.json", `${JSON.stringify(figuresOf(summary), null, 2)}\n`);
}
