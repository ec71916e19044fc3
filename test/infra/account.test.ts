import { readdir, readFile } from "node:fs/promises";
import { type Output, runtime } from "@pulumi/pulumi";
import { expect } from "chai";
import { ownArn, ownRoot, regionalService } from "../../infra/account.ts";

/** What AWS answers in a partition of its own. */
const CHINA: Readonly<Record<string, Record<string, string>>> = {
  "aws:index/getPartition:getPartition": { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" },
  "aws:index/getRegion:getRegion": { region: "cn-north-1" },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
};

describe("where a stack is", () => {
  before(async () => {
    await runtime.setMocks({
      newResource: () => ({ id: "", state: {} }),
      call: ({ token }) => CHINA[token] ?? {},
    });
  });

  it("is in its ARNs, down to the partition, and in the names of its services", async () => {
    expect(await resolved(ownArn("logs", "log-group:/a*"))).to.equal(
      "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/a*",
    );
    expect(await resolved(ownRoot())).to.equal("arn:aws-cn:iam::123456789012:root");
    expect(await resolved(regionalService("kinesis"))).to.equal("kinesis.cn-north-1.amazonaws.com.cn");
  });

  it("is written into no ARN of infra/", async () => {
    const files = await readdir("infra");
    const written = await Promise.all(files.map((file) => readFile(`infra/${file}`, "utf8")));

    expect(files.filter((_, index) => /arn:aws/.test(written[index] ?? ""))).to.deep.equal([]);
    expect(files).to.include("ops-topic.ts");
  });
});

function resolved(output: Output<string>): Promise<string> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
