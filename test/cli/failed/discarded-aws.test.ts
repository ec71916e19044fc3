import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { createS3 } from "../../../local/s3/s3.ts";
import { allow, graphOf, resource, role, roleArn, start } from "../../local/endpoint/support.ts";
import { printedConfig, runCommand, standInPulumi, temporaryFolder } from "../subscriptions/support.ts";
import { batch, batchKey, letter, letterKey } from "./failures.ts";

const BUCKET = "lake-1a2b3c4";
const graph = graphOf(
  resource("aws:s3/bucket:Bucket", "lake", { bucket: BUCKET }),
  // What the command's help asks for.
  ...role(
    "operator",
    allow("s3:ListBucket", `arn:aws:s3:::${BUCKET}`),
    allow(["s3:GetObject", "s3:DeleteObject"], `arn:aws:s3:::${BUCKET}/aws/lambda/*`),
  ),
);

describe("npm run failed on AWS, for discarded events", function () {
  this.timeout(60_000);

  it("lists them, then retries them by the names of the deployed functions, with no more permissions than its help says", async () => {
    await using folder = await temporaryFolder();
    const now = () => new Date();
    const s3 = await createS3({ graph, directory: folder.path, now, authorizer: createAuthorizer(graph) });
    const endpoint = await start(graph, s3.service);
    const objects = s3.buckets.get(BUCKET)?.objects;
    const put = (key: string, body: string) =>
      objects?.put(key, Buffer.from(body), { contentType: "application/json", metadata: {} });
    put(batchKey("a"), batch([1, 2]));
    put(letterKey("b"), letter());
    await using lambda = await serveLambda();
    await using pulumi = await standInPulumi({
      config: printedConfig({}),
      "stack output": { bucket: BUCKET },
      "stack export": exported,
    });
    const { accessKeyId, secretAccessKey } = endpoint.identities.forRole(roleArn("operator"), "me");
    const run = (...options: string[]) =>
      runCommand("failed", ["--stack", "dev", ...options], {
        PATH: pulumi.directory,
        AWS_ENDPOINT_URL_S3: endpoint.url,
        AWS_ENDPOINT_URL_LAMBDA: lambda.url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      });

    const list = await run();
    const retried = await run("--retry");
    await endpoint.stop();

    expect([list.code, retried.code], list.stderr + retried.stderr).to.deep.equal([1, 1]);
    expect(list.stdout).to.match(/^archive +RetryAttemptsExhausted +1 +2 /m);
    expect(lambda.invocations, "an archive that was replaced, and a webhook that was removed").to.deep.equal([
      ["/2015-03-31/functions/archive-0c0c0c0/invocations", JSON.parse(JSON.parse(batch([1, 2])).payload)],
    ]);
    expect(retried.stdout)
      .to.match(/1 done, 1 left/)
      .and.match(/has no function webhook-ops/);
    expect([...(objects?.from("") ?? [])].map(({ key }) => key)).to.deep.equal([letterKey("b")]);
  });
});

const type = "aws:lambda/function:Function";
const exported = {
  version: 3,
  deployment: {
    resources: [{ urn: `urn:pulumi:dev::stormwire::x$${type}::archive`, type, id: "archive-0c0c0c0" }],
  },
};

/** Invoke of functions that have done everything: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
async function serveLambda() {
  const invocations: [string | undefined, unknown][] = [];
  const server = createServer(async (request, response) => {
    invocations.push([request.url, JSON.parse(await text(request))]);
    response.end(JSON.stringify({ batchItemFailures: [] }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    invocations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
