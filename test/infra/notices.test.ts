import { expect } from "chai";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { createEventRules } from "../../local/events/rules.ts";
import { stateChange } from "../../local/glue/glue.ts";
import { graphOf } from "./loader/graphs.ts";

describe("notices of failed jobs and crawlers", () => {
  it("come whatever Glue's text of the error is", async () => {
    const graph = await graphOf({ stack: "local" });
    const error = 'Traceback:\n  File "gold.py", line 1\tAnalysisException: "a\\b" <job> {"x": 1}';
    const texts: string[] = [];
    const failures: unknown[] = [];
    const rules = createEventRules({
      graph,
      clock: createVirtualClock({ start: new Date("2024-05-01T00:30:00Z") }),
      publishAs: async (_caller, _topic, text) => void texts.push(text),
      onFailure: (failure) => failures.push(failure),
    });
    const run = { id: "jr_1", output: "", startedAt: new Date(0), state: "FAILED", error } as const;

    for (const [kind, name] of [["job", "etl"] as const, ["crawler", "raw"] as const]) {
      const event = stateChange({ ...run, kind, name });
      if (event !== undefined) await rules.put(event);
    }

    expect(failures).to.deep.equal([]);
    expect(texts.map((text) => JSON.parse(text))).to.deep.equal([
      "[stormwire/local] The Glue job etl ended as FAILED, run jr_1. Why: aws glue get-job-run --job-name etl --run-id jr_1 --query JobRun.ErrorMessage. Runbook: docs/runbook.md#failed-job",
      "[stormwire/local] The Glue crawler raw failed. Why: aws glue get-crawler --name raw --query Crawler.LastCrawl.ErrorMessage. Runbook: docs/runbook.md#failed-crawler",
    ]);
  });
});
