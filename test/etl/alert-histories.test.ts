import fc from "fast-check";
import { archiveAlerts, putCopies, type ToldAlert } from "./histories/alert-deliveries.ts";
import { type AlertDelivery, type AlertStep, anyAlertHistory } from "./histories/any-alerts.ts";
import { createGoldReader, type GoldReader } from "./histories/gold-reader.ts";
import { naiveAlerts } from "./histories/naive-alerts.ts";
import { optionsOf } from "./histories/options.ts";
import { expectUpToDate, HOW_MANY_HISTORIES, type Runs, runChecked } from "./histories/run.ts";
import { killAt } from "./histories/stepped-lake.ts";
import { createMemoryLake, type MemoryLake } from "./memory-lake.ts";

describe("gold of alerts", () => {
  let reader: GoldReader;
  let runs: Runs<ToldAlert>;

  before(async () => {
    reader = await createGoldReader("alerts");
    runs = { options: await optionsOf("alerts"), reader, naive: naiveAlerts };
  });
  after(() => reader?.close());

  it("has each transition once, whatever the order, repetition, refusals, copies and crashes", async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(anyAlertHistory, async ({ decisions, steps, otherOrder }) => {
        const lake = createMemoryLake();
        const told: ToldAlert[] = [];
        for (const step of steps) await take(lake, told, step);
        told.push(...(await archiveAlerts(lake, decisions)));
        await runChecked(runs, lake, told);
        await expectUpToDate(runs, lake, told);

        const ordered = createMemoryLake();
        const copies = steps.flatMap((step) => (step.kind === "copies" ? [step.copies] : []));
        for (const some of copies.toReversed()) await putCopies(ordered, some);
        await archiveAlerts(ordered, otherOrder);
        await runChecked(runs, ordered, told);
      }),
      HOW_MANY_HISTORIES,
    );
  });

  async function take(lake: MemoryLake, told: ToldAlert[], step: AlertStep): Promise<void> {
    const deliver = async ({ decisions, putFails }: AlertDelivery) => {
      told.push(...(await archiveAlerts(lake, decisions, putFails)));
    };
    if (step.kind === "deliver") await deliver(step.delivery);
    else if (step.kind === "copies") told.push(...(await putCopies(lake, step.copies)));
    else if (step.kind === "run") await runChecked(runs, lake, told);
    else if (step.kind === "killed run") await runChecked(runs, lake, told, killAt(step.step, step.when));
    else {
      await runChecked(runs, lake, told, {
        beforeStep: (index) => (index === step.step ? deliver(step.delivery) : undefined),
      });
    }
  }
});
