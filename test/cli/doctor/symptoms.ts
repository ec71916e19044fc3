import { expect } from "chai";
import { examine, isSick } from "../../../cli/doctor/examine.ts";
import type { Verdict } from "../../../cli/doctor/finding.ts";
import type { Patient } from "../../../cli/doctor/patient.ts";
import { patient } from "./support.ts";

/** What differs from a stack that is well, or its objects in their place; the row it shows in, and what that says. */
export type Symptom = readonly [
  what: string,
  Partial<Patient>,
  objects: Record<string, string> | undefined,
  check: string,
  Verdict,
  found: RegExp,
];

/** A test for each symptom: its row says it, and what to do about it. */
export function seeEach(symptoms: readonly Symptom[]): void {
  for (const [what, symptom, objects, check, state, found] of symptoms) {
    it(`see ${what}`, async () => {
      const findings = await examine(patient(symptom, objects));

      const row = findings.find((one) => one.check === check);
      expect(row, JSON.stringify(findings, null, 2)).to.include({ state });
      expect(row?.found).to.match(found);
      expect(isSick([row].flatMap((one) => one ?? []))).to.equal(state === "warn" || state === "fail");
      if (isSick(row ? [row] : []) && !check.startsWith("sms") && check !== "quota") {
        expect(row?.todo, "what to do about it").to.be.a("string");
      }
    });
  }
}
