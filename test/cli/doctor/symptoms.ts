import { expect } from "chai";
import { examine, needsAction } from "../../../cli/doctor/examine.ts";
import type { ExaminedStack } from "../../../cli/doctor/examined-stack.ts";
import type { Verdict } from "../../../cli/doctor/finding.ts";
import { stack } from "./support.ts";

/** What differs from a stack that is well, or its objects in their place; the row it shows in, and what that says. */
export type Symptom = readonly [
  what: string,
  Partial<ExaminedStack>,
  objects: Record<string, string> | undefined,
  check: string,
  Verdict,
  found: RegExp,
];

/** A test for each symptom: its row says it, and what to do about it. */
export function seeEach(symptoms: readonly Symptom[]): void {
  for (const [what, symptom, objects, check, state, found] of symptoms) {
    it(`see ${what}`, async () => {
      const findings = await examine(stack(symptom, objects));

      const row = findings.find((one) => one.check === check);
      expect(row, JSON.stringify(findings, null, 2)).to.include({ state });
      expect(row?.found).to.match(found);
      expect(needsAction([row].flatMap((one) => one ?? []))).to.equal(state === "warn" || state === "fail");
      if (needsAction(row ? [row] : []) && !check.startsWith("sms") && check !== "quota") {
        expect(row?.todo, "what to do about it").to.be.a("string");
      }
    });
  }
}
