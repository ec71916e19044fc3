import { inspect } from "node:util";
import { expect } from "chai";
import { Webhook } from "standardwebhooks";
import { createHttpClient, type HttpClient } from "../../handlers/http/http-client.ts";
import {
  WebhookError,
  WebhookMessageError,
  WebhookRefusedError,
  WebhookTargetError,
  WebhookUnavailableError,
} from "../../handlers/webhook/errors.ts";
import type { WebhookFormat } from "../../handlers/webhook/target.ts";
import { createWebhookHandler } from "../../handlers/webhook.ts";
import { createFakeSsm } from "./support/fake-ssm.ts";
import { createFakeLog } from "./support/log.ts";
import { receiveWebhooks, type WebhookReceiver } from "./support/webhook-receiver.ts";
import { type Answer, answer, reset } from "./weather/sources/server.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const TOKEN = "123456:AAplantedTokenOfABot";
const PARAMETER = "/stormwire/test/webhook-ops";
const message = {
  kind: "escalation",
  language: "pt-BR",
  text: "VERMELHO chuva <100 & mais>",
  alert: { id: "a/1" },
};

describe("the webhook handler", () => {
  let receiver: WebhookReceiver;
  let http: HttpClient;
  let waits: number[];
  const log = createFakeLog();

  async function setUp(...answers: readonly Answer[]) {
    receiver = await receiveWebhooks(...answers);
    waits = [];
    log.lines.length = 0;
    const sleep = async (ms: number) => {
      waits.push(ms);
    };
    http = createHttpClient({ sleep, random: () => 0.5 });
  }

  afterEach(async () => {
    await http.close();
    await receiver.stop();
  });

  function handler(
    format: WebhookFormat,
    target: Record<string, unknown> = { url: receiver.url, secret: SECRET },
  ) {
    const ssm = createFakeSsm(() => JSON.stringify(target));
    const options = { name: "ops", format, parameterName: PARAMETER };
    return createWebhookHandler(options, { ssm, http, log });
  }

  async function failure(run: Promise<unknown>): Promise<WebhookError> {
    const error = await run.catch((caught: unknown) => caught);
    if (error instanceof WebhookError) return error;
    throw new Error(`a WebhookError was expected, found ${String(error)}`);
  }

  describe("with format json", () => {
    it("posts the message as it was published, signed by Standard Webhooks", async () => {
      await setUp();

      const report = await handler("json", { url: `${receiver.url}/hooks/weather?a=1`, secret: SECRET })(
        snsEvent(message),
      );

      const [request] = receiver.received;
      expect(report).to.deep.equal({ delivered: 1 });
      expect(request).to.deep.include({
        method: "POST",
        path: "/hooks/weather?a=1",
        body: JSON.stringify(message),
      });
      expect(request?.headers).to.include({ "content-type": "application/json", "webhook-id": "m-1" });
      expect(new Webhook(SECRET).verify(request?.body ?? "", request?.headers ?? {})).to.deep.equal(message);
    });

    it("has a signature that no other body, id or key passes with", async () => {
      await setUp();
      await handler("json")(snsEvent(message));
      const { body, headers } = receiver.received[0] ?? { body: "", headers: {} };

      const verify =
        (secret: string, changed: string, changes: Record<string, string> = {}) =>
        () =>
          new Webhook(secret).verify(changed, { ...headers, ...changes });

      expect(verify(SECRET, body)).not.to.throw();
      expect(verify(SECRET, body.replace("100", "10"))).to.throw("No matching signature");
      expect(verify(SECRET, body, { "webhook-id": "m-2" })).to.throw("No matching signature");
      expect(verify(`whsec_${"A".repeat(32)}`, body)).to.throw("No matching signature");
    });

    it("keeps the id and renews the signature at each attempt", async () => {
      await setUp(answer(503, ""), answer(200, "ok"));
      const times = [new Date("2024-04-30T11:00:00Z"), new Date("2024-04-30T11:00:07Z")];
      const now = () => times.shift() ?? new Date(0);
      const ssm = createFakeSsm(() => JSON.stringify({ url: receiver.url, secret: SECRET }));
      const options = { name: "ops", format: "json", parameterName: PARAMETER } as const;

      await createWebhookHandler(options, { ssm, http, log, now })(snsEvent(message));

      const headers = receiver.received.map((request) => request.headers);
      expect(headers.map((one) => one["webhook-id"])).to.deep.equal(["m-1", "m-1"]);
      expect(headers.map((one) => one["webhook-timestamp"])).to.deep.equal(["1714474800", "1714474807"]);
      expect(headers[0]?.["webhook-signature"]).not.to.equal(headers[1]?.["webhook-signature"]);
    });
  });

  it("posts a text to Slack, with its three special characters escaped", async () => {
    await setUp(answer(200, "ok"));

    await handler("slack", { url: `${receiver.url}/services/T/B/x` })(snsEvent(message));

    const [request] = receiver.received;
    expect(JSON.parse(request?.body ?? "")).to.deep.equal({ text: "VERMELHO chuva &lt;100 &amp; mais&gt;" });
    expect(request?.headers).not.to.have.property("webhook-signature");
  });

  it("posts a text to a chat of Telegram", async () => {
    await setUp(answer(200, { ok: true }));

    const url = `${receiver.url}/bot${TOKEN}/sendMessage`;
    await handler("telegram", { url, chatId: "@weather" })(snsEvent(message));

    const [request] = receiver.received;
    expect(request?.path).to.equal(`/bot${TOKEN}/sendMessage`);
    expect(JSON.parse(request?.body ?? "")).to.deep.equal({ chat_id: "@weather", text: message.text });
  });

  describe("when the other side is in trouble", () => {
    it("tries again on 408, 429, 5xx and a cut connection, as long as Retry-After says", async () => {
      await setUp(answer(429, "", { "retry-after": "2" }), answer(408, ""), reset(), answer(204, ""));

      expect(await handler("json")(snsEvent(message))).to.deep.equal({ delivered: 1 });
      expect(waits).to.deep.equal([2250, 500, 1000]);
    });

    it("gives up after four attempts, for Lambda to try again", async () => {
      await setUp(answer(502, "bad gateway"));

      const error = await failure(handler("json")(snsEvent(message)));

      expect(error).to.be.instanceOf(WebhookUnavailableError);
      expect(error.message).to.match(/^webhook ops: 127\.0\.0\.1:\d+ answered 502; message m-1$/);
      expect(receiver.received).to.have.lengthOf(4);
      expect(log.lines).to.deep.equal([]);
    });

    it("says why nobody answered", async () => {
      await setUp();
      const { url } = receiver;
      await receiver.stop();

      const error = await failure(handler("json", { url, secret: SECRET })(snsEvent(message)));

      expect(error).to.be.instanceOf(WebhookUnavailableError);
      expect(error.message).to.match(/did not answer: connect ECONNREFUSED 127\.0\.0\.1:\d+; message m-1$/);
    });

    for (const status of [302, 400, 401, 404, 410]) {
      it(`fails at once on ${status}`, async () => {
        await setUp(answer(status, "no", { location: "http://127.0.0.1:9/elsewhere" }));

        const error = await failure(handler("json")(snsEvent(message)));

        expect(error).to.be.instanceOf(WebhookRefusedError);
        expect(error.message).to.include(`answered ${status}; message m-1`);
        expect(receiver.received).to.have.lengthOf(1);
      });
    }

    it("repeats the reasons of Slack and Telegram", async () => {
      await setUp(
        answer(404, "no_service"),
        answer(400, { ok: false, description: "Bad Request: chat not found" }),
      );

      const slack = await failure(handler("slack", { url: `${receiver.url}/services/T` })(snsEvent(message)));
      const telegram = await failure(
        handler("telegram", { url: `${receiver.url}/bot1/sendMessage`, chatId: "-77" })(snsEvent(message)),
      );

      expect(slack.message).to.include("answered 404 (no_service)");
      expect(telegram.message).to.include("answered 400 (Bad Request: chat not found)");
    });
  });

  it("tells no URL, key or chat, even when the other side does", async () => {
    const echo: Answer = (response, request) => {
      response.writeHead(400);
      response.end(
        JSON.stringify({ ok: false, description: `no such ${request.url}, ${SECRET}, @planted_chat` }),
      );
    };
    await setUp(echo, echo, answer(400, `${TOKEN}`), reset(), reset(), reset(), reset(), answer(200, ""));
    const url = `${receiver.url}/bot${TOKEN}/sendMessage?key=planted-query`;
    const target = { url, secret: SECRET, chatId: "@planted_chat" };
    const formats = ["telegram", "json", "slack", "telegram"] as const;

    const errors: unknown[] = [];
    for (const format of formats) {
      errors.push(await failure(handler(format, target)(snsEvent(message))));
    }
    await handler("telegram", target)(snsEvent(message));

    const told = inspect([errors, log.lines], { depth: null, showHidden: true });
    for (const secret of [TOKEN, SECRET, SECRET.slice(6), "planted", "sendMessage"]) {
      expect(told).not.to.include(secret);
    }
    expect(log.lines).to.have.lengthOf(1);
    expect(log.lines[0]?.details).to.deep.include({ webhook: "ops", id: "m-1", status: 200 });
  });

  it("reads its target for each event: a changed URL counts at once", async () => {
    await setUp();
    let path = "/old";
    const ssm = createFakeSsm(() => JSON.stringify({ url: `${receiver.url}${path}` }));
    const options = { name: "ops", format: "slack", parameterName: PARAMETER } as const;
    const handle = createWebhookHandler(options, { ssm, http, log });

    await handle(snsEvent(message));
    path = "/new";
    await handle(snsEvent(message));

    expect(receiver.received.map((request) => request.path)).to.deep.equal(["/old", "/new"]);
    expect(ssm.reads[0]).to.deep.equal({ Name: PARAMETER, WithDecryption: true });
  });

  const incomplete: [WebhookFormat, unknown, string][] = [
    ["json", { url: "https://planted.example.org" }, "JSON with url and secret"],
    ["telegram", { url: "https://planted.example.org" }, "JSON with url and chatId"],
    ["slack", { url: "ftp://planted.example.org" }, "JSON with url"],
    ["slack", "https://planted.example.org", "JSON with url"],
  ];
  for (const [format, target, allowed] of incomplete) {
    it(`refuses a parameter that is not what ${format} needs, without quoting it: ${typeof target}`, async () => {
      await setUp();

      const error = await failure(handler(format, target as Record<string, unknown>)(snsEvent(message)));

      expect(error).to.be.instanceOf(WebhookTargetError);
      expect(error.message).to.equal(
        `SSM parameter ${PARAMETER} is not what the format ${format} needs; allowed is ${allowed}`,
      );
      expect(inspect(error, { depth: null, showHidden: true })).not.to.include("planted");
    });
  }

  it("refuses what is no message for programs", async () => {
    await setUp();

    const error = await failure(handler("json")(snsEvent("Hello, this is somebody with a console")));

    expect(error).to.be.instanceOf(WebhookMessageError);
    expect(error.message).to.equal(
      "webhook ops: message m-1 is not for programs; allowed is JSON with kind and text",
    );
    expect(receiver.received).to.deep.equal([]);
  });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
function snsEvent(body: unknown) {
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: "arn:aws:sns:us-east-1:123456789012:alerts:21be56ed",
        Sns: {
          Type: "Notification",
          MessageId: "m-1",
          TopicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
          Message: typeof body === "string" ? body : JSON.stringify(body),
          Timestamp: "2024-04-30T11:00:00.000Z",
          SignatureVersion: "1",
          Signature: "",
          SigningCertUrl: "",
          UnsubscribeUrl: "",
          MessageAttributes: {},
        },
      },
    ],
  };
}
