import { expect } from "chai";
import { fakeAws, rejected } from "./fake-aws.ts";
import { backendOn, EVERYTHING, rejection, undone } from "./fake-backend.ts";
import { PREFIX, TAG_LIST, TAGS } from "./make/making.ts";

describe("the contract's adapter for AWS", () => {
  describe("waits for a new role", () => {
    const NOT_ASSUMABLE = "The role defined for the function cannot be assumed by Lambda.";
    const unknownFor = (tries: number, message = NOT_ASSUMABLE) => {
      let left = tries;
      return fakeAws({
        CreateFunction: () => {
          left -= 1;
          return left < 0
            ? { FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:recorder" }
            : rejected("InvalidParameterValueException", message);
        },
      });
    };

    it("that is not ready twice", async () => {
      const aws = unknownFor(2);
      const backend = backendOn(aws, { attempts: 3 });

      await (await backend.open({ topics: { alerts: null } }))[Symbol.asyncDispose]();

      expect(aws.inputsOf("CreateFunction")).to.have.length(3);
    });

    it("for as many attempts as its pace has, and no more", async () => {
      const aws = unknownFor(3);

      const error = await rejection(backendOn(aws, { attempts: 3 }).open({ topics: { alerts: null } }));

      expect(error).to.include({ message: NOT_ASSUMABLE });
      expect(aws.inputsOf("CreateFunction")).to.have.length(3);
    });

    it("and not for what stays rejected", async () => {
      const aws = unknownFor(1, "Value 'nodejs1.x' at 'runtime' failed to satisfy constraint");

      await rejection(backendOn(aws, { attempts: 3 }).open({ topics: { alerts: null } }));

      expect(aws.inputsOf("CreateFunction")).to.have.length(1);
    });
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
    await using world = await backendOn(aws).open({ topics: { alerts: null } });

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

    await using _ = await backendOn(aws, { lookSeconds: 0.001 }).open({ topics: { alerts: null } });

    expect(aws.inputsOf("Invoke")).to.have.length(3);
  });

  describe("calls a rejection", () => {
    const schedules = { s: { ScheduleExpression: "rate(0 minutes)" } };
    const rejecting = (name: string) => fakeAws({ CreateSchedule: () => rejected(name, "no such rate") });

    it("what a service says of an input", async () => {
      const aws = rejecting("ValidationException");
      expect(await backendOn(aws).rejectionOf({ schedules })).to.equal("no such rate");
      expect(undone(aws)).to.include("DeleteRole");
    });

    it("nothing else, such as a permission that is missing", async () => {
      const error = await rejection(backendOn(rejecting("AccessDeniedException")).rejectionOf({ schedules }));
      expect(error).to.include({ name: "AccessDeniedException" });
    });
  });

  it("gives everything a name by which leftovers can be found, and tags where there are tags", async () => {
    const aws = fakeAws();
    await using _ = await backendOn(aws).open(EVERYTHING);

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
