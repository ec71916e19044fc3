import { expect } from "chai";
import { fakeAws, rejected } from "../fake-aws.ts";
import { backendOn, EVERYTHING, rejection, undone } from "../fake-backend.ts";
import { LeftBehindError } from "./cleanup.ts";

/** Of {@link EVERYTHING}: last things first. */
const UNDOING = [
  "ScheduleKeyDeletion",
  "DeleteAccessKey",
  "DeleteUserPolicy",
  "DeleteUser",
  "RemoveTargets",
  "DeleteRule",
  "DeleteSchedule",
  "RemoveTargets",
  "DeleteRule",
  "DeleteEventSourceMapping",
  "DeleteTopic",
  "DeleteFunction",
  "DeleteRolePolicy",
  "DeleteRole",
  "DeleteLogGroup",
  "DeleteStream",
  "DeleteQueue",
  "DeleteBucket",
];

describe("the contract's adapter for AWS takes away", () => {
  it("everything that it made, last things first", async () => {
    const aws = fakeAws();
    const backend = backendOn(aws);

    await (await backend.open(EVERYTHING))[Symbol.asyncDispose]();
    await backend.close();

    expect(undone(aws)).to.deep.equal(UNDOING);
  });

  it("the rest when two things cannot be, and tells of both in the end", async () => {
    const aws = fakeAws({
      DeleteTopic: () => rejected("AuthorizationErrorException", "may not delete topics"),
      DeleteLogGroup: () => rejected("AccessDeniedException", "may not delete log groups"),
    });
    const backend = backendOn(aws);

    await (await backend.open(EVERYTHING))[Symbol.asyncDispose]();
    const error = await rejection(backend.close());

    expect(undone(aws)).to.deep.equal(UNDOING);
    if (!(error instanceof AggregateError)) throw new Error(`not an AggregateError: ${error}`);
    expect(error.errors.map((each) => each instanceof LeftBehindError)).to.deep.equal([true, true]);
    expect(error.message.split("\n")).to.have.length(2);
    expect(error.message).to.match(
      /^topic stormwire-contract-[0-9a-f]{8}-alerts is left behind: Authorization/,
    );
    expect(error.message).to.include(
      "-recorder is left behind: AccessDeniedException: may not delete log groups",
    );
  });

  it("what an opening that fails has made until then, and its cause is what is thrown", async () => {
    const aws = fakeAws({ CreateTopic: () => rejected("AuthorizationErrorException", "may not") });
    const backend = backendOn(aws);

    const error = await rejection(backend.open(EVERYTHING));
    await backend.close();

    expect(error).to.include({ name: "AuthorizationErrorException" });
    expect(undone(aws)).to.deep.equal(UNDOING.slice(UNDOING.indexOf("DeleteFunction")));
  });

  it("and does not miss what is gone already", async () => {
    const aws = fakeAws({ DeleteQueue: () => rejected("QueueDoesNotExist", "is not there") });
    const backend = backendOn(aws);

    await (await backend.open({ queues: ["failed"] }))[Symbol.asyncDispose]();
    await backend.close();

    expect(undone(aws)).to.deep.equal(["DeleteQueue"]);
  });

  it("the objects of a bucket, page by page", async () => {
    const aws = fakeAws({
      ListObjectsV2: ({ ContinuationToken }) =>
        ContinuationToken === undefined
          ? { Contents: [{ Key: "a" }, { Key: "b" }], IsTruncated: true, NextContinuationToken: "next" }
          : { Contents: [{ Key: "c" }], IsTruncated: false },
    });
    const backend = backendOn(aws);

    await (await backend.open({ buckets: { lake: [] } }))[Symbol.asyncDispose]();
    await backend.close();

    expect(aws.inputsOf("DeleteObjects").map(({ Delete }) => Delete)).to.deep.equal([
      { Objects: [{ Key: "a" }, { Key: "b" }] },
      { Objects: [{ Key: "c" }] },
    ]);
    expect(aws.calls.at(-1)?.operation).to.equal("DeleteBucket");
  });

  it("no bucket of which an object is not deleted, and tells which", async () => {
    const Errors = [{ Key: "a", Code: "AccessDenied", Message: "may not" }];
    const aws = fakeAws({
      ListObjectsV2: () => ({ Contents: [{ Key: "a" }] }),
      DeleteObjects: () => ({ Errors }),
    });
    const backend = backendOn(aws);

    await (await backend.open({ buckets: { lake: [] } }))[Symbol.asyncDispose]();

    expect(String(await rejection(backend.close()))).to.include("a is not deleted: AccessDenied: may not");
    expect(undone(aws)).to.deep.equal([]);
  });

  it("what is still in use once it no longer is", async () => {
    let left = 2;
    const aws = fakeAws({
      DeleteEventSourceMapping: () => {
        left -= 1;
        return left < 0 ? {} : rejected("ResourceInUseException", "the mapping is being updated");
      },
    });
    const backend = backendOn(aws, { attempts: 3 });

    await (await backend.open({ streams: { orders: 1 }, mappings: { orders: {} } }))[Symbol.asyncDispose]();
    await backend.close();

    expect(aws.inputsOf("DeleteEventSourceMapping")).to.have.length(3);
  });

  it("what a mapping writes into once the mapping is gone", async () => {
    let looks = 0;
    const aws = fakeAws({
      GetEventSourceMapping: () => {
        looks += 1;
        if (looks === 1) return { State: "Enabled" };
        return looks < 4 ? { State: "Deleting" } : rejected("ResourceNotFoundException", "it is deleted");
      },
    });
    const backend = backendOn(aws, { lookSeconds: 0.001 });

    await (await backend.open({ streams: { orders: 1 }, mappings: { orders: {} } }))[Symbol.asyncDispose]();
    await backend.close();

    const operations = aws.calls.map(({ operation }) => operation);
    const after = operations.slice(operations.indexOf("DeleteEventSourceMapping"));
    expect(after.slice(1, 5)).to.deep.equal([...Array(3).fill("GetEventSourceMapping"), "DeleteFunction"]);
  });
});
