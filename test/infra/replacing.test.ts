import { expect } from "chai";
import { inputNames } from "../engines/pulumi/sdk-inputs.ts";
import { graphOf } from "./loader/graphs.ts";
import { REPLACING, replacingInputs } from "./loader/replacing.ts";

/** How the SDK's declarations say it, where they do. */
const FORCES_NEW = /(forces|creates) (a )?(new resource|replacement)/i;

describe("the list of inputs that replace a resource", () => {
  it("has every type of the program, and no other", async () => {
    const { resources } = await graphOf({
      stack: "local",
      overrides: {
        "stormwire:protect": true,
        "stormwire:lake": { schedule: "cron(30 0 ? * SUN *)", jobSchedule: "cron(30 0 ? * MON-SAT *)" },
        "stormwire:webhooks": {
          siren: { url: "https://hooks.example.org/siren", secret: `whsec_${"A".repeat(32)}` },
        },
      },
    });
    const types = new Set(resources.map(({ type }) => type).filter((type) => type.startsWith("aws:")));

    expect(Object.keys(REPLACING)).to.have.members([...types]);
  });

  for (const [type, replacing] of Object.entries(REPLACING)) {
    it(`names inputs of ${type} as the SDK spells them, and all that it says this of`, () => {
      const all = replacing.includes("*");

      expect(inputNames(type)).to.include.members(all ? [] : [...replacing]);
      expect(all ? inputNames(type) : replacing).to.include.members(inputNames(type, FORCES_NEW));
    });
  }

  it("would miss nothing that the SDK says: it does of other types", () => {
    expect(inputNames("aws:s3/filesFileSystem:FilesFileSystem", FORCES_NEW)).to.include("bucket");
  });

  it("knows the region of every type, and nothing of a component", () => {
    expect(replacingInputs("aws:sns/topic:Topic", ["region", "displayName"])).to.deep.equal(["region"]);
    expect(replacingInputs("stormwire:infra:Etl", ["region"])).to.deep.equal([]);
    expect(() => replacingInputs("aws:sqs/queue:Queue", [])).to.throw(
      /aws:sqs\/queue:Queue is not in the list/,
    );
  });
});
