import { GetParameterCommand, GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect } from "chai";
import { createSsm } from "../../../local/ssm/ssm.ts";
import { rejection } from "../endpoint/rejection.ts";
import {
  ACCOUNT,
  allow,
  clientConfig,
  graphOf,
  KEY_ARN,
  NOW,
  REGION,
  resource,
  role,
  roleArn,
  type Started,
  start,
} from "../endpoint/support.ts";

const arn = (path: string) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/${path}`;
const parameter = (name: string, inputs: Record<string, unknown>) =>
  resource("aws:ssm/parameter:Parameter", name, inputs, { arn: arn(name.replace(/^\//, "")) });

describe("SSM parameters through the AWS SDK", () => {
  let endpoint: Started;
  const clients: SSMClient[] = [];

  function clientOf(name: string): SSMClient {
    const client = new SSMClient(
      clientConfig(endpoint.url, endpoint.identities.forRole(roleArn(name), "test")),
    );
    clients.push(client);
    return client;
  }

  before(async () => {
    const read = allow(["ssm:GetParameter", "ssm:GetParameters"], arn("shop/*"));
    const graph = graphOf(
      parameter("/shop/key", { type: "SecureString", value: "s3cret", keyId: KEY_ARN }),
      parameter("/shop/default-key", { type: "SecureString", value: "other" }),
      parameter("/shop/plain", { type: "String", value: "hello" }),
      ...role("owner", read, allow("kms:Decrypt", KEY_ARN)),
      ...role("without-key", read),
    );
    endpoint = await start(graph, createSsm({ graph, now: () => NOW }).service);
  });

  after(async () => {
    for (const client of clients) client.destroy();
    await endpoint.stop();
  });

  it("decrypts a SecureString for who may use its key", async () => {
    const answer = await clientOf("owner").send(
      new GetParameterCommand({ Name: "/shop/key", WithDecryption: true }),
    );

    expect(answer.Parameter?.Value).to.equal("s3cret");
    expect(answer.Parameter?.ARN).to.equal(arn("shop/key"));
    expect(answer.Parameter?.LastModifiedDate).to.deep.equal(NOW);
  });

  it("needs no key of the caller's for a parameter under the AWS-managed key", async () => {
    const command = new GetParameterCommand({ Name: "/shop/default-key", WithDecryption: true });
    const answer = await clientOf("without-key").send(command);

    expect(answer.Parameter?.Value).to.equal("other");
  });

  it("returns opaque text for a SecureString without decryption", async () => {
    const answer = await clientOf("without-key").send(new GetParameterCommand({ Name: "/shop/key" }));

    expect(answer.Parameter?.Value)
      .to.match(/^[\w+/=]+$/)
      .and.not.contain("s3cret");
  });

  it("denies decryption without the key", async () => {
    const command = new GetParameterCommand({ Name: "/shop/key", WithDecryption: true });
    const error = await rejection(() => clientOf("without-key").send(command));

    expect(error.name).to.equal("AccessDeniedException");
    expect(error.message).to.contain(`kms:Decrypt on resource: ${KEY_ARN}`);
  });

  it("answers ParameterNotFound, and lists unknown names in GetParameters", async () => {
    const client = clientOf("owner");
    const error = await rejection(() => client.send(new GetParameterCommand({ Name: "/shop/none" })));
    const several = await client.send(new GetParametersCommand({ Names: ["/shop/plain", "/shop/none"] }));

    expect(error.name).to.equal("ParameterNotFound");
    expect(several.Parameters?.map(({ Value }) => Value)).to.deep.equal(["hello"]);
    expect(several.InvalidParameters).to.deep.equal(["/shop/none"]);
  });

  it("denies a call by ARN for a parameter that the role's policy does not name", async () => {
    const error = await rejection(() =>
      clientOf("owner").send(new GetParameterCommand({ Name: arn("other") })),
    );

    expect(error.name).to.equal("AccessDeniedException");
  });
});
