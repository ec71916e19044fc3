import { join } from "node:path";
import { expect } from "chai";
import { checkGolden } from "./golden/golden.ts";
import { difference } from "./loader/difference.ts";
import { graphOf } from "./loader/graphs.ts";
import { projectDirectory } from "./program.ts";

const RENAMES = `
A resource whose URN is not in the list any more is DELETED by the next update of every stack that has it, with all that
it holds, and one of the new URN is made beside it. Where that was not meant, say what it was called before, where it is
constructed, and it is renamed instead:

    { parent, aliases: [{ name: "the-old-name" }] }         // another name; of a component, its children's follow
    { parent, aliases: [{ parent: theOldParent }] }         // another parent; pulumi.rootStackResource for none
    { aliases: [{ type: "stormwire:infra:TheOldType" }] }   // a component's class has another type

How to see that it works, and when the alias may go: docs/upgrading.md. When the new list is what was meant,
`;

describe("an upgrade of the program", () => {
  it("leaves every resource of the dev stack where it was", async () => {
    const { resources } = await graphOf({ stack: "dev", overrides: { "stormwire:apiKey": "key" } });
    const urns = resources.map(({ urn }) => `${urn}\n`).join("");

    await checkGolden(join(projectDirectory, "test/infra/golden/urns-dev.txt"), urns, undefined, RENAMES);
  });

  it("gives no two resources one URN, and prod those of dev but for the trigger of dev's config and the versions of prod's bucket", async () => {
    const overrides = { "stormwire:apiKey": "key" };
    const [dev, prod] = await Promise.all([
      graphOf({ stack: "dev", overrides }),
      graphOf({ stack: "prod", overrides }),
    ]);

    const urns = dev.resources.map(({ urn }) => urn);
    expect(new Set(urns).size).to.equal(urns.length);
    const asDev = (urn: string) =>
      urn.replace(":prod::", ":dev::").replace(/stormwire-prod$/, "stormwire-dev");
    const ofBoth = urns.filter((urn) => !urn.endsWith("::etl-job-alone"));
    const ofProd = prod.resources.filter(({ type }) => type !== "aws:s3/bucketVersioning:BucketVersioning");
    expect(ofProd.map(({ urn }) => asDev(urn)).sort()).to.deep.equal(ofBoth.toSorted());
  });

  describe("that renames a component", () => {
    const directory = join(projectDirectory, "test/fixtures/renamed");
    const named = (name: string, formerly?: string) =>
      graphOf({
        stack: "dev",
        directory,
        overrides: { "renamed:name": name, ...(formerly && { "renamed:formerly": formerly }) },
      });
    const kinds = (changes: Record<string, string>) => [...new Set(Object.values(changes))].sort();

    it("makes all of it anew and deletes what was, without an alias", async () => {
      const changes = difference(await named("lake"), await named("store"));

      expect(kinds(changes)).to.deep.equal(["create", "delete"]);
      expect(changes).to.include({ "s3.Bucket lake": "delete", "s3.Bucket store": "create" });
    });

    it("touches neither it nor its children, with one", async () => {
      const after = await named("store", "lake");

      expect(difference(await named("lake"), after)).to.deep.equal({});
      const bucket = after.resources.find(({ type }) => type === "aws:s3/bucket:Bucket");
      expect(bucket?.aliases).to.include(
        "urn:pulumi:dev::renamed::stormwire:infra:LakeBucket$aws:s3/bucket:Bucket::lake",
      );
    });
  });
});
