import { expect } from "chai";
import { createApiKey } from "../../../handlers/clients/secret-parameter.ts";
import { createFakeSsm } from "../support/fake-ssm.ts";
import { createFakeLog } from "../support/log.ts";

describe("the API key", () => {
  it("is read once, at once, decrypted", async () => {
    const ssm = createFakeSsm(() => "k-1\n");
    const apiKey = createApiKey(ssm, "/stormwire/key", createFakeLog());
    expect(ssm.reads).to.deep.equal([{ Name: "/stormwire/key", WithDecryption: true }]);
    expect(await Promise.all([apiKey.get(), apiKey.get()])).to.deep.equal(["k-1", "k-1"]);
    expect(ssm.reads).to.have.lengthOf(1);
  });

  it("is read again at the first use when init could not, and the log does not tell it", async () => {
    let failures = 1;
    const ssm = createFakeSsm(() => {
      if (failures-- > 0) throw new Error("throttled");
      return "k-1";
    });
    const log = createFakeLog();
    const apiKey = createApiKey(ssm, "/stormwire/key", log);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await apiKey.get()).to.equal("k-1");
    expect(log.lines).to.have.lengthOf(1);
    expect(JSON.stringify(log.lines)).to.not.include("k-1");
  });

  it("is renewed once for all that were refused with the old one", async () => {
    const ssm = createFakeSsm(() => "old");
    const apiKey = createApiKey(ssm, "/stormwire/key", createFakeLog());
    const refused = await apiKey.get();
    ssm.value = () => "new";
    expect(await apiKey.refresh(refused)).to.equal("new");
    expect(await apiKey.refresh(refused)).to.equal("new");
    expect(ssm.reads).to.have.lengthOf(2);
  });

  it("may not be empty", async () => {
    const apiKey = createApiKey(
      createFakeSsm(() => " "),
      "/stormwire/key",
      createFakeLog(),
    );
    const error = await apiKey.get().catch((caught: unknown) => caught);
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.matches(/\/stormwire\/key is empty/);
  });
});
