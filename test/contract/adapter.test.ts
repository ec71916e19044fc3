import { expect } from "chai";
import { type FakeAws, fakeAws, refused } from "./fake-aws.ts";
import { LeftBehindError } from "./make/cleanup.ts";
import { PREFIX, startMaking, TAG_LIST, TAGS } from "./make/making.ts";
import { EMULATOR, type Pace } from "./pace.ts";
import type { Declared } from "./place.ts";
import { sdkPlace } from "./sdk-place.ts";

/** A thing of each kind. */
const EVERYTHING: Declared = {
  buckets: { lake: ["raw/1"] },
  queues: ["failed"],
  streams: { orders: 1 },
  topics: { alerts: null },
  mappings: { orders: { onFailure: { bucket: "lake" } } },
  rules: { minutely: { ScheduleExpression: "rate(1 minute)" } },
  schedules: { minutely: { ScheduleExpression: "rate(1 minute)" } },
  callers: { guest: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "bucket:lake/*" }] },
  streamKeys: { orders: [] },
};

const UNDOING = [
  "ScheduleKeyDeletion",
  "DeleteAccessKey",
  "DeleteUserPolicy",
  "DeleteUser",
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

function placeOn(aws: FakeAws, pace: Partial<Pace> = {}) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return sdkPlace({
    settings: { region: "us-east-1", credentials },
    pace: { ...EMULATOR, ...pace },
    start: (...args) => aws.install(startMaking(...args)),
  });
}

const undone = ({ calls }: FakeAws) =>
  calls.map(({ operation }) => operation).filter((operation) => UNDOING.includes(operation));

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("the contract's adapter for AWS", () => {
  describe("takes away", () => {
    it("everything that it made, last things first", async () => {
      const aws = fakeAws();
      const place = placeOn(aws);

      await (await place.open(EVERYTHING))[Symbol.asyncDispose]();
      await place.close();

      expect(undone(aws)).to.deep.equal(UNDOING);
    });

    it("the rest when two things cannot be, and tells of both in the end", async () => {
      const aws = fakeAws({
        DeleteTopic: () => refused("AuthorizationErrorException", "may not delete topics"),
        DeleteLogGroup: () => refused("AccessDeniedException", "may not delete log groups"),
      });
      const place = placeOn(aws);

      await (await place.open(EVERYTHING))[Symbol.asyncDispose]();
      const error = await rejection(place.close());

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
      const aws = fakeAws({ CreateTopic: () => refused("AuthorizationErrorException", "may not") });
      const place = placeOn(aws);

      const error = await rejection(place.open(EVERYTHING));
      await place.close();

      expect(error).to.include({ name: "AuthorizationErrorException" });
      expect(undone(aws)).to.deep.equal(UNDOING.slice(UNDOING.indexOf("DeleteFunction")));
    });

    it("and does not miss what is gone already", async () => {
      const aws = fakeAws({ DeleteQueue: () => refused("QueueDoesNotExist", "is not there") });
      const place = placeOn(aws);

      await (await place.open({ queues: ["failed"] }))[Symbol.asyncDispose]();
      await place.close();

      expect(undone(aws)).to.deep.equal(["DeleteQueue"]);
    });

    it("the objects of a bucket, page by page", async () => {
      const aws = fakeAws({
        ListObjectsV2: ({ ContinuationToken }) =>
          ContinuationToken === undefined
            ? { Contents: [{ Key: "a" }, { Key: "b" }], IsTruncated: true, NextContinuationToken: "next" }
            : { Contents: [{ Key: "c" }], IsTruncated: false },
      });
      const place = placeOn(aws);

      await (await place.open({ buckets: { lake: [] } }))[Symbol.asyncDispose]();
      await place.close();

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
      const place = placeOn(aws);

      await (await place.open({ buckets: { lake: [] } }))[Symbol.asyncDispose]();

      expect(String(await rejection(place.close()))).to.include("a is not deleted: AccessDenied: may not");
      expect(undone(aws)).to.deep.equal([]);
    });
  });

  describe("waits for a new role", () => {
    const NOT_ASSUMABLE = "The role defined for the function cannot be assumed by Lambda.";
    const unknownFor = (tries: number, message = NOT_ASSUMABLE) => {
      let left = tries;
      return fakeAws({
        CreateFunction: () => {
          left -= 1;
          return left < 0
            ? { FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:recorder" }
            : refused("InvalidParameterValueException", message);
        },
      });
    };

    it("that is not ready twice", async () => {
      const aws = unknownFor(2);
      const place = placeOn(aws, { attempts: 3 });

      await (await place.open({ topics: { alerts: null } }))[Symbol.asyncDispose]();

      expect(aws.inputsOf("CreateFunction")).to.have.length(3);
    });

    it("for as many attempts as its pace has, and no more", async () => {
      const aws = unknownFor(3);

      const error = await rejection(placeOn(aws, { attempts: 3 }).open({ topics: { alerts: null } }));

      expect(error).to.include({ message: NOT_ASSUMABLE });
      expect(aws.inputsOf("CreateFunction")).to.have.length(3);
    });

    it("and not for what stays refused", async () => {
      const aws = unknownFor(1, "Value 'nodejs1.x' at 'runtime' failed to satisfy constraint");

      await rejection(placeOn(aws, { attempts: 3 }).open({ topics: { alerts: null } }));

      expect(aws.inputsOf("CreateFunction")).to.have.length(1);
    });
  });

  it("takes away what is still in use once it no longer is", async () => {
    let left = 2;
    const aws = fakeAws({
      DeleteEventSourceMapping: () => {
        left -= 1;
        return left < 0 ? {} : refused("ResourceInUseException", "the mapping is being updated");
      },
    });
    const place = placeOn(aws, { attempts: 3 });

    await (await place.open({ streams: { orders: 1 }, mappings: { orders: {} } }))[Symbol.asyncDispose]();
    await place.close();

    expect(aws.inputsOf("DeleteEventSourceMapping")).to.have.length(3);
  });

  it("reads every page of the recorder's log, without what warmed it up", async () => {
    const pages: Readonly<Record<string, object>> = {
      "1": { events: [{ message: 'EVENT {"n":1}' }, { message: "START" }], nextToken: "2" },
      "2": { events: [], nextToken: "3" },
      "3": { events: [{ message: '2024-04-30T11:00:00Z\tid\tINFO\tEVENT {"n":2}\n' }] },
    };
    const aws = fakeAws({
      FilterLogEvents: ({ nextToken = "0" }) =>
        pages[String(nextToken)] ?? { events: [{ message: 'EVENT {"warmUp":true}' }], nextToken: "1" },
    });
    await using world = await placeOn(aws).open({ topics: { alerts: null } });

    expect(await world.events()).to.deep.equal([{ n: 1 }, { n: 2 }]);
  });

  it("warms the recorder up until its log tells", async () => {
    let looks = 0;
    const aws = fakeAws({
      FilterLogEvents: () => {
        looks += 1;
        return looks < 3 ? {} : { events: [{ message: 'EVENT {"warmUp":true}' }] };
      },
    });

    await using _ = await placeOn(aws, { lookSeconds: 0.001 }).open({ topics: { alerts: null } });

    expect(aws.inputsOf("Invoke")).to.have.length(3);
  });

  describe("calls a refusal", () => {
    const schedules = { s: { ScheduleExpression: "rate(0 minutes)" } };
    const refusing = (name: string) => fakeAws({ CreateSchedule: () => refused(name, "no such rate") });

    it("what a service says of an input", async () => {
      const aws = refusing("ValidationException");
      expect(await placeOn(aws).refusal({ schedules })).to.equal("no such rate");
      expect(undone(aws)).to.include("DeleteRole");
    });

    it("nothing else, such as a permission that is missing", async () => {
      const error = await rejection(placeOn(refusing("AccessDeniedException")).refusal({ schedules }));
      expect(error).to.include({ name: "AccessDeniedException" });
    });
  });

  it("gives everything a name by which leftovers can be found, and tags where there are tags", async () => {
    const aws = fakeAws();
    await using _ = await placeOn(aws).open(EVERYTHING);

    const KMS_TAGS = TAG_LIST.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
    const EXPECTED: readonly (readonly [
      operation: string,
      nameField: string,
      tagField: string,
      tags: unknown,
    ])[] = [
      ["PutBucketTagging", "Bucket", "Tagging", { TagSet: TAG_LIST }],
      ["CreateQueue", "QueueName", "tags", TAGS],
      ["CreateStream", "StreamName", "Tags", TAGS],
      ["CreateTopic", "Name", "Tags", TAG_LIST],
      ["CreateLogGroup", "logGroupName", "tags", TAGS],
      ["CreateRole", "RoleName", "Tags", TAG_LIST],
      ["CreateFunction", "FunctionName", "Tags", TAGS],
      ["CreateEventSourceMapping", "FunctionName", "Tags", TAGS],
      ["PutRule", "Name", "Tags", TAG_LIST],
      ["CreateUser", "UserName", "Tags", TAG_LIST],
      ["CreateKey", "Description", "Tags", KMS_TAGS],
      ["CreateSchedule", "Name", "Tags", undefined],
    ];
    for (const [operation, nameField, tagField, tags] of EXPECTED) {
      const [input = {}] = aws.inputsOf(operation);
      expect(String(input[nameField]).replace("/aws/lambda/", ""), `name in ${operation}`).to.match(
        new RegExp(`^${PREFIX}[0-9a-f]{8}-`),
      );
      expect(input[tagField], `tags in ${operation}`).to.deep.equal(tags);
    }
    const makes = (operation: string) =>
      /^Create|^PutRule$/.test(operation) && operation !== "CreateAccessKey";
    const made = new Set(aws.calls.map(({ operation }) => operation).filter(makes));
    const named = new Set(
      EXPECTED.map(([operation]) => operation.replace("PutBucketTagging", "CreateBucket")),
    );
    expect(made, "operations that make something").to.deep.equal(named);
  });
});
