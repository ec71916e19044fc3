import { expect } from "chai";
import { failedItems, firstFailure } from "../../../../local/lambda/mapping/batch-response.ts";

const BATCH = ["11", "12", "13"];
const failures = (...itemIdentifiers: unknown[]) => ({
  batchItemFailures: itemIdentifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("partial batch response", () => {
  const cases: [string, unknown, number][] = [
    ["no answer is success", null, 3],
    ["an empty answer is success", {}, 3],
    ["an answer of another shape is success", "done", 3],
    ["a null list is success", { batchItemFailures: null }, 3],
    ["an empty list is success", failures(), 3],
    ["the record named is the first to retry", failures("12"), 1],
    ["the lowest of several counts", failures("13", "12"), 1],
    ["an empty identifier fails the batch", failures(""), 0],
    ["a null identifier fails the batch", failures(null), 0],
    ["a missing identifier fails the batch", { batchItemFailures: [{ id: "12" }] }, 0],
    ["an identifier of another batch fails the batch", failures("13", "99"), 0],
    ["a list that is none fails the batch", { batchItemFailures: "12" }, 0],
  ];
  for (const [what, response, expected] of cases)
    it(what, () => {
      expect(firstFailure(BATCH, response)).to.equal(expected);
    });
});

describe("partial batch response of a queue", () => {
  const cases: [string, unknown, string[]][] = [
    ["no answer is success", null, []],
    ["an empty list is success", failures(), []],
    ["only the messages named are retried", failures("13", "11"), ["11", "13"]],
    ["an empty identifier fails the batch", failures(""), BATCH],
    ["an identifier of another batch fails the batch", failures("13", "99"), BATCH],
    ["a list that is none fails the batch", { batchItemFailures: "12" }, BATCH],
  ];
  for (const [what, response, expected] of cases)
    it(what, () => {
      expect([...failedItems(BATCH, response)].sort()).to.deep.equal(expected);
    });
});
