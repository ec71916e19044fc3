import { expect } from "chai";
import { compareSubscriptions, type TopicSubscription } from "../../../cli/subscriptions/compare.ts";
import { good, parse } from "../../infra/stack-config.ts";

const ana = { sms: "+12025550101", email: "Ana@example.org", level: "red", locations: ["porto-alegre"] };
const signed = { url: "https://hooks.example.org/secret", secret: `whsec_${"A".repeat(32)}` };

describe("subscriptions compared with config", () => {
  it("are confirmed, pending or missing, a channel each", () => {
    const people = { ana, bia: { sms: "+12025550102" } };

    const { channels, strays } = compare({ subscriptions: people }, [
      on("sms", "+12025550101"),
      on("email", "ana@example.org", "PendingConfirmation"),
    ]);

    expect(channels.map(({ name, protocol, state }) => [name, protocol, state])).to.deep.equal([
      ["ana", "sms", "confirmed"],
      ["ana", "email", "pending"],
      ["bia", "sms", "missing"],
    ]);
    expect(strays).to.deep.equal([]);
  });

  it("carry what they hear of, with the endpoint masked", () => {
    const [channel, ...others] = compare(
      {
        subscriptions: { ana, bia: { email: "bia@example.org", language: "en" } },
        groups: { port: ["ana"] },
      },
      [],
    ).channels;

    expect(channel).to.deep.equal({
      name: "ana",
      protocol: "sms",
      endpoint: "+12…01",
      level: "red",
      locations: ["porto-alegre"],
      language: "pt-BR",
      groups: ["port"],
      state: "missing",
    });
    expect(others.at(-1)).to.deep.equal({
      name: "bia",
      protocol: "email",
      endpoint: "b…@example.org",
      level: "yellow",
      language: "en",
      groups: [],
      state: "missing",
    });
  });

  it("are missing after their owner left, though SNS lists them for some hours", () => {
    const { channels, strays } = compare({ subscriptions: { bia: { email: "bia@example.org" } } }, [
      on("email", "bia@example.org", "Deleted"),
    ]);

    expect(channels[0]?.state).to.equal("missing");
    expect(strays).to.deep.equal([]);
  });

  it("are confirmed when an endpoint is there twice and confirmed once", () => {
    const { channels, strays } = compare({ subscriptions: { bia: { email: "bia@example.org" } } }, [
      on("email", "bia@example.org", "PendingConfirmation"),
      on("email", "bia@example.org"),
    ]);

    expect(channels[0]?.state).to.equal("confirmed");
    expect(strays).to.deep.equal([]);
  });

  it("know the function of a webhook, with the name that Pulumi gives it", () => {
    const on3 = ["webhook-slack-1a2b3c4", "webhook-port", "webhook-slack-old-1a2b3c4"].map((name) =>
      on("lambda", `arn:aws:lambda:us-east-1:123456789012:function:${name}`),
    );

    const { channels, strays } = compare({ webhooks: { slack: signed, port: signed, mail: signed } }, on3);

    expect(channels.map(({ name, endpoint, state }) => [name, endpoint, state])).to.deep.equal([
      ["slack", "https://hooks.example.org/…", "confirmed"],
      ["port", "https://hooks.example.org/…", "confirmed"],
      ["mail", "https://hooks.example.org/…", "missing"],
    ]);
    expect(strays.map(({ endpoint }) => endpoint.split(":").at(-1))).to.deep.equal([
      "webhook-slack-old-1a2b3c4",
    ]);
  });

  it("that are not in config are masked whatever they are", () => {
    const { strays } = compare({}, [
      on("sms", "+12025550109", "PendingConfirmation"),
      on("email-json", "x@example.org"),
      on("https", "https://example.org/secret"),
      on("sqs", "arn:aws:sqs:us-east-1:123456789012:queue"),
    ]);

    expect(strays.map(({ protocol, endpoint, state }) => [protocol, endpoint, state])).to.deep.equal([
      ["sms", "+12…09", "pending"],
      ["email-json", "x…@example.org", "confirmed"],
      ["https", "https://example.org/…", "confirmed"],
      ["sqs", "arn:aws:sqs:us-east-1:123456789012:queue", "confirmed"],
    ]);
  });
});

function compare(config: Record<string, unknown>, actual: readonly TopicSubscription[]) {
  return compareSubscriptions(parse({ ...good, ...config }), actual);
}

function on(
  protocol: string,
  endpoint: string,
  arn = `arn:aws:sns:us-east-1:123456789012:alerts:${endpoint}`,
) {
  return { arn, protocol, endpoint };
}
