import { once } from "node:events";
import { connect } from "node:net";
import { AthenaClient, ListNamedQueriesCommand } from "@aws-sdk/client-athena";
import { KinesisClient, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect } from "chai";
import { z } from "zod";
import { defineOperation, type Service } from "../../../local/endpoint/operation.ts";
import { createQueryCodec } from "../../../local/endpoint/query-codec.ts";
import { createKinesis } from "../../../local/kinesis/kinesis.ts";
import { createSsm } from "../../../local/ssm/ssm.ts";
import { rejection } from "./rejection.ts";
import { clientConfig, graphOf, NOW, type Started, start, stream } from "./support.ts";

/** A topic that says what it was sent. */
const echo: Service = {
  signingName: "sns",
  protocol: "query",
  codec: createQueryCodec({ namespace: "http://sns.amazonaws.com/doc/2010-03-31/" }),
  operations: {
    Publish: defineOperation({
      input: z.looseObject({ TopicArn: z.string() }),
      permissions: () => [],
      run(input) {
        if (input.Message === "crash") throw new Error("the echo broke");
        return { MessageId: JSON.stringify(input) };
      },
    }),
  },
};

describe("Endpoint", () => {
  let endpoint: Started;

  before(async () => {
    const graph = graphOf(stream());
    const now = () => NOW;
    endpoint = await start(
      graph,
      createKinesis({ graph, now }).service,
      createSsm({ graph, now }).service,
      echo,
    );
  });

  after(() => endpoint.stop());

  const ssm = (credentials: Partial<{ accessKeyId: string; secretAccessKey: string }> = {}) =>
    new SSMClient(clientConfig(endpoint.url, { ...endpoint.identities.operator, ...credentials }));
  const sns = (credentials = {}) =>
    new SNSClient(clientConfig(endpoint.url, { ...endpoint.identities.operator, ...credentials }));
  const getParameter = new GetParameterCommand({ Name: "none" });

  it("accepts a call with a valid signature", async () => {
    const error = await rejection(() => ssm().send(getParameter));

    expect(error.name).to.equal("ParameterNotFound");
  });

  it("rejects a wrong secret", async () => {
    const error = await rejection(() => ssm({ secretAccessKey: "wrong" }).send(getParameter));

    expect(error.name).to.equal("SignatureDoesNotMatch");
  });

  it("rejects an unknown access key with the error of the protocol", async () => {
    const json = await rejection(() => ssm({ accessKeyId: "AKIAUNKNOWN" }).send(getParameter));
    const query = await rejection(() =>
      sns({ accessKeyId: "AKIAUNKNOWN" }).send(new PublishCommand({ TopicArn: "t", Message: "m" })),
    );

    expect(json.name).to.equal("UnrecognizedClientException");
    expect(query.name).to.equal("InvalidClientTokenId");
  });

  it("rejects a body that was not signed, and a call without a signature", async () => {
    const client = ssm();
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { body: '{"Name":"othr"}' });
        return next(args);
      },
      { step: "finalizeRequest", priority: "low", name: "tamper" },
    );
    const tampered = await rejection(() => client.send(getParameter));
    const unsigned = await fetch(endpoint.url, { method: "POST", body: "{}" });

    expect(tampered.name).to.be.oneOf(["XAmzContentSHA256Mismatch", "SignatureDoesNotMatch"]);
    expect(unsigned.status).to.equal(403);
    expect(await unsigned.json()).to.have.property("__type", "MissingAuthenticationToken");
  });

  it("names an operation and a service that are not emulated, and remembers them", async () => {
    const kinesis = new KinesisClient(clientConfig(endpoint.url, endpoint.identities.operator));
    const operation = await rejection(() => kinesis.send(new ListStreamsCommand({})));
    kinesis.destroy();
    const athena = new AthenaClient(clientConfig(endpoint.url, endpoint.identities.operator));
    const service = await rejection(() => athena.send(new ListNamedQueriesCommand({})));

    expect(service.message).to.equal("service athena is not emulated by the local run");
    expect(operation.name).to.equal("NotEmulated");
    expect(operation.message).to.equal("kinesis:ListStreams is not emulated by the local run");
    expect([...endpoint.gateway.notEmulated]).to.have.members([operation.message, service.message]);
  });

  it("speaks AWS Query both ways", async () => {
    const answer = await sns().send(
      new PublishCommand({
        TopicArn: "arn:t",
        Message: "a & b < ã\n",
        MessageAttributes: {
          level: { DataType: "Number", StringValue: "3" },
          audience: { DataType: "String.Array", StringValue: '["all"]' },
        },
      }),
    );

    expect(JSON.parse(answer.MessageId ?? "")).to.deep.equal({
      TopicArn: "arn:t",
      Message: "a & b < ã\n",
      MessageAttributes: {
        level: { DataType: "Number", StringValue: "3" },
        audience: { DataType: "String.Array", StringValue: '["all"]' },
      },
    });
    expect(answer.$metadata.requestId).to.match(/^[0-9a-f-]{36}$/);
  });

  it("answers wrong input and crashes as errors of the service", async () => {
    const wrong = await rejection(() => sns().send(new PublishCommand({ Message: "no topic" })));
    const crash = await rejection(() => sns().send(new PublishCommand({ TopicArn: "t", Message: "crash" })));

    // The SDK's own name for the wire's InvalidParameter.
    expect(wrong.name).to.equal("InvalidParameterException");
    expect(wrong.message).to.contain("'topicArn'");
    expect(crash.name).to.equal("InternalFailure");
    expect(crash.message).to.equal("the echo broke");
  });

  it("waits for a connection's first bytes however they are cut", async () => {
    const socket = connect(Number(new URL(endpoint.url).port), "127.0.0.1");
    await once(socket, "connect");
    for (const part of [
      "P",
      "OST / HT",
      "TP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n",
      "{}",
    ]) {
      socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);

    expect(Buffer.concat(chunks).toString()).to.match(/^HTTP\/1\.1 403 /);
  });

  it("stops with connections open, and the port is free", async () => {
    const graph = graphOf(stream());
    const other = await start(graph, createKinesis({ graph, now: () => NOW }).service);
    const client = new KinesisClient(clientConfig(other.url, other.identities.operator));
    await rejection(() => client.send(new ListStreamsCommand({})));
    await other.stop();
    const error = await rejection(() => fetch(other.url));
    client.destroy();

    expect(error.name).to.equal("TypeError");
  });
});

describe("Gateway", () => {
  it("registers services later, each name once", async () => {
    const endpoint = await start(graphOf());
    endpoint.gateway.register(echo);
    const { operator } = endpoint.identities;
    const answer = await endpoint.gateway.call(operator, "sns", "Publish", { TopicArn: "t" });
    const twice = await rejection(() => endpoint.gateway.register(echo));
    await endpoint.stop();

    expect(answer).to.deep.equal({ MessageId: '{"TopicArn":"t"}' });
    expect(twice.message).to.contain('"sns"');
  });
});
