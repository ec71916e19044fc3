import { expect } from "chai";
import { createNotifyHandler, NotifyError, type NotifyOptions } from "../../handlers/notify.ts";
import { INITIAL_STATE } from "../../handlers/weather/state.ts";
import { createFakeS3, type FakeS3 } from "./support/fake-s3.ts";
import { attributeOf, createFakeSns, type FakeSns, smsOf } from "./support/fake-sns.ts";
import { createFakeLog } from "./support/log.ts";
import { portoAlegre, rioGrande } from "./support/places.ts";

const messages: NotifyOptions["messages"] = {
  briefing: { kind: "text", text: "Reunião às 15 h.", audience: ["duty-officer"], locations: ["rio-grande"] },
  morning: { kind: "digest", audience: "all" },
  coast: { kind: "text", text: "Mar agitado.", audience: "all", locations: ["rio-grande"] },
  empty: { kind: "text", audience: "all" },
};

describe("the notify handler", () => {
  let s3: FakeS3;
  let sns: FakeSns;

  beforeEach(() => {
    s3 = createFakeS3();
    sns = createFakeSns();
  });

  const notify = (message: string, scheduledTime = "2024-05-01T10:00:00Z") =>
    createNotifyHandler(
      {
        bucketName: "lake",
        topicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
        locations: [portoAlegre, rioGrande],
        languages: ["pt-BR"],
        maxPriceUsd: 0.5,
        messages,
      },
      { s3, sns, log: createFakeLog() },
    )({ message, scheduledTime });

  it("sends a text to those it is addressed to, past every filter by level and place", async () => {
    const report = await notify("briefing");
    expect(report).to.deep.equal({ message: "briefing", subjects: ["Reuniao as 15 h."] });
    const published = sns.at(0);
    expect(smsOf(published)).to.equal("Reuniao às 15 h.");
    const attributes = ["audience", "level", "location", "kind"].map((name) => attributeOf(published, name));
    expect(attributes).to.deep.equal(['["duty-officer"]', "9", '["porto-alegre","rio-grande"]', "message"]);
  });

  it("sends a message to everybody of its places only", async () => {
    await notify("coast");
    expect(attributeOf(sns.at(0), "location")).to.equal('["rio-grande"]');
  });

  it("sends a digest of all places, with what is known of them", async () => {
    const hazards = { rain: { rank: 3, peak: 3, since: "2024-04-30T11:00:00Z" } } as const;
    const latest = { time: "2024-05-01T09:00:00Z", values: { temperature: 19.4 } };
    const state = { ...INITIAL_STATE, lastSeconds: 1_714_554_000, hazards, latest };
    s3.objects.set("state/alerts/porto-alegre.json", Buffer.from(JSON.stringify(state)));
    await notify("morning");
    const published = sns.at(0);
    expect(smsOf(published)).to.equal(
      "Resumo 01/05 07:00: Porto Alegre VERMELHO chuva; Rio Grande sem dados",
    );
    expect(attributeOf(published, "audience")).to.equal('["all"]');
    expect(attributeOf(published, "location")).to.equal('["porto-alegre","rio-grande"]');
    expect(attributeOf(published, "kind")).to.equal("digest");
    expect(published.Message).to.include("19,4 °C");
  });

  const refused: [string, Parameters<typeof notify>, RegExp][] = [
    [
      "a message that config does not have",
      ["constructor"],
      /"constructor".*allowed are briefing, morning, coast, empty/,
    ],
    ["a text without text", ["empty"], /"empty" has no text/],
    ["a time that is none", ["morning", "<aws.scheduler.scheduled-time>"], /not an ISO 8601 time/],
  ];
  for (const [name, event, message] of refused) {
    it(`refuses ${name}`, async () => {
      const error = await notify(...event).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(NotifyError).with.property("message").that.matches(message);
      expect(sns.published).to.deep.equal([]);
    });
  }
});
