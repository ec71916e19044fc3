import { expect } from "chai";
import { parseDiscarded } from "../../../cli/failed/discarded-event.ts";
import { groupsOf, readHeadings } from "../../../cli/failed/entries.ts";
import { formatRetry } from "../../../cli/failed/format.ts";
import { retry } from "../../../cli/failed/retry.ts";
import type { Answer, WritableStore } from "../../../cli/stack/stack.ts";
import { UserError } from "../../../lib/user-error.ts";
import { sequence } from "../../handlers/support/kinesis-event.ts";
import { batch, batchKey, letter, letterKey } from "./failures.ts";

const stack = { functionName: (deployed: string) => deployed.replace(/-[0-9a-f]{7}$/, "") };

describe("a retry of discarded events", () => {
  const objects = new Map<string, string>();
  const invoked: [string, unknown][] = [];
  beforeEach(() => {
    objects.clear();
    invoked.length = 0;
  });

  const store: WritableStore = {
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    read: async (key) => objects.get(key),
    write: async (key, text) => void objects.set(key, text),
    remove: async (key) => void objects.delete(key),
  };
  const answering = (answer: Answer) => async (name: string, event: unknown) => {
    invoked.push([name, event]);
    return answer;
  };
  const succeed = answering({ payload: { batchItemFailures: [] } });
  const headings = () => readHeadings(store, stack);

  it("gives a function the very event it failed on, and removes the object then", async () => {
    objects.set(batchKey("a"), batch([1, 2]));
    objects.set(letterKey("b"), letter());

    const report = await retry(await headings(), store, succeed, stack);

    expect(report).to.deep.equal({ done: [batchKey("a"), letterKey("b")], remaining: [] });
    expect(invoked).to.deep.equal([
      ["archive", JSON.parse(JSON.parse(batch([1, 2])).payload)],
      ["webhook-ops", JSON.parse(letter()).requestPayload],
    ]);
    expect([...objects.keys()]).to.deep.equal([]);
  });

  it("takes batches in the order of their records, not of their keys", async () => {
    objects.set(batchKey("a"), batch([30]));
    objects.set(batchKey("b"), batch([4]));
    objects.set(batchKey("c"), batch([50], { arrivedAt: "2024-04-30T10:00:00.000Z" }));

    const { done } = await retry(await headings(), store, succeed, stack);

    expect(done).to.deep.equal([batchKey("c"), batchKey("b"), batchKey("a")]);
  });

  const failing: [string, Answer, RegExp][] = [
    [
      "a part of it failed",
      { payload: { batchItemFailures: [{ itemIdentifier: sequence(2) }] } },
      /^2 of 3 records failed again$/,
    ],
    [
      "the answer names a record of another batch",
      { payload: { batchItemFailures: [{ itemIdentifier: "7" }] } },
      /^3 of 3 records failed again$/,
    ],
    [
      "the function ended with an error",
      { error: "ArchiveError: no" },
      /^the function ended with ArchiveError: no$/,
    ],
  ];
  for (const [what, answer, problem] of failing) {
    it(`keeps a batch whole when ${what}`, async () => {
      objects.set(batchKey("a"), batch([1, 2, 3]));

      const report = await retry(await headings(), store, answering(answer), stack);

      expect(report.done).to.deep.equal([]);
      expect(report.remaining[0]?.problem).to.match(problem);
      expect(objects.get(batchKey("a"))).to.equal(batch([1, 2, 3]));
    });
  }

  it("keeps what it cannot read and what has no function, and goes on", async () => {
    const dead = "aws/lambda/11111111-2222-3333-4444-555555555555/note";
    objects.set(dead, "{}");
    objects.set(letterKey("b"), letter());
    objects.set(batchKey("c"), batch([1]));
    const invoke = async (name: string) => {
      if (name === "archive") return { payload: null };
      throw new UserError(`no function ${name}`);
    };

    const report = await retry(await headings(), store, invoke, stack);

    expect(report.done).to.deep.equal([batchKey("c")]);
    expect(report.remaining.map(({ key }) => key)).to.have.members([dead, letterKey("b")]);
    const text = formatRetry({ stack: "dev", bucket: "lake" }, report);
    expect(text).to.include("1 done, 2 left").and.include("webhook-ops: no function webhook-ops");
  });

  it("finds the object again after it was killed before the removal", async () => {
    objects.set(batchKey("a"), batch([1]));
    const killed = { ...store, remove: () => Promise.reject(new Error("killed")) };

    const first = await retry(await headings(), killed, succeed, stack).catch(String);
    const second = await retry(await headings(), store, succeed, stack);

    expect(first).to.equal("Error: killed");
    expect(second.done).to.deep.equal([batchKey("a")]);
    expect(invoked[1]).to.deep.equal(invoked[0]);
  });

  it("ignores what another retry has done meanwhile", async () => {
    objects.set(batchKey("a"), batch([1]));
    const listed = await headings();
    objects.clear();

    expect(await retry(listed, store, succeed, stack)).to.deep.equal({ done: [], remaining: [] });
    expect(invoked).to.deep.equal([]);
  });

  it("counts by function and cause, and may look at one function only", async () => {
    objects.set(batchKey("a"), batch([1, 2]));
    objects.set(batchKey("b"), batch([3], { condition: "RecordAgeExceeded" }));
    objects.set(batchKey("c"), batch([4], { arrivedAt: "2024-04-30T12:00:00.000Z" }));
    objects.set(letterKey("d"), letter());

    const groups = groupsOf(await headings());

    expect(groups.map((one) => [one.function, one.cause, one.objects, one.records])).to.deep.equal([
      ["archive", "RecordAgeExceeded", 1, 1],
      ["archive", "RetryAttemptsExhausted", 2, 3],
      ["webhook-ops", "RetriesExhausted, WebhookRefusedError", 1, 1],
    ]);
    expect(groups[1]).to.include({ first: "2024-04-30T11:00:05.000Z", last: "2024-04-30T12:00:00.000Z" });
    expect(await readHeadings(store, stack, { function: "webhook-ops" })).to.have.length(1);
  });

  it("reads an event whose function was never run, and rejects a batch without its records", () => {
    const { responsePayload: _, ...throttled } = JSON.parse(letter());
    const { payload, ...headOnly } = JSON.parse(batch([1]));

    expect(parseDiscarded(letterKey("a"), JSON.stringify(throttled)).failure?.cause).to.equal(
      "RetriesExhausted",
    );
    const asJson = JSON.stringify({ ...headOnly, payload: JSON.parse(payload) });
    const plain = (text: string) => JSON.stringify(parseDiscarded(batchKey("a"), text).failure);
    expect(plain(asJson)).to.equal(plain(batch([1])));
    expect(parseDiscarded(batchKey("a"), JSON.stringify(headOnly)).problem).to.match(/payload/);
    expect(parseDiscarded(batchKey("a"), "no JSON").problem).to.match(/^not as Lambda writes it/);
  });
});
