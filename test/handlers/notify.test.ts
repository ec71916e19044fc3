import type { GetObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import {
  createNotifyHandler,
  type NotifyDependencies,
  NotifyError,
  type NotifyOptions,
} from "../../handlers/notify.ts";
import { INITIAL_STATE } from "../../handlers/weather/alerts/state.ts";
import { createFakeS3, type FakeS3, s3Error } from "./support/fake-s3.ts";
import { attributeOf, createFakeSns, type FakeSns, smsOf } from "./support/fake-sns.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre, rioGrande } from "./support/places.ts";
import { presets } from "./support/presets.ts";

const messages: NotifyOptions["messages"] = {
  briefing: { kind: "text", text: "Reunião às 15 h.", audience: ["duty-officer"], locations: ["rio-grande"] },
  morning: { kind: "digest", audience: "all" },
  storm: { kind: "drill", hazard: "wind", level: "orange", audience: "all", locations: ["rio-grande"] },
  siren: { kind: "drill", hazard: "wind", level: "yellow", audience: ["night-shift", "duty-officer"] },
  coast: { kind: "text", text: "Mar agitado.", audience: "all", locations: ["rio-grande"] },
};

const RED = {
  rank: 3,
  peak: 3,
  since: "2024-04-30T11:00:00Z",
  reached: { red: "2024-04-30T11:00:00Z" },
  announcedRank: 3,
  announcedPeak: 3,
  announcedSeconds: null,
  earlier: [],
};
const calm = {
  ...INITIAL_STATE,
  lastSeconds: Date.parse("2024-05-01T09:00:00Z") / 1000,
  latest: { time: "2024-05-01T09:00:00Z", values: { temperature: 19.4 } },
  windows: {
    rainIntensity: { start: Date.parse("2024-05-01T08:00:00Z") / 1000, steps: [3600, 1], values: [0] },
  },
};

describe("the notify handler", () => {
  let s3: FakeS3;
  let sns: FakeSns;
  let log: ReturnType<typeof createFakeLog>;
  let meter: ReturnType<typeof createFakeMeter>;

  beforeEach(() => {
    s3 = createFakeS3();
    sns = createFakeSns();
    log = createFakeLog();
    meter = createFakeMeter();
  });

  const put = (key: string, value: unknown) => s3.objects.set(key, Buffer.from(JSON.stringify(value)));

  const notify = (
    message: string,
    {
      scheduledTime = "2024-05-01T10:00:00Z",
      s3: store = s3,
      ...options
    }: Partial<NotifyOptions & { scheduledTime: string; s3: NotifyDependencies["s3"] }> = {},
  ) =>
    createNotifyHandler(
      {
        bucketName: "lake",
        topicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
        locations: [portoAlegre, rioGrande],
        languages: ["pt-BR"],
        maxPriceUsd: 0.5,
        rules: presets.inmet,
        capSender: "stormwire",
        messages,
        ...options,
      },
      { ...(store && { s3: store }), sns, log, meter },
    )({ message, scheduledTime });

  it("sends a text to those it is addressed to, past every filter by level and place", async () => {
    const report = await notify("briefing");
    expect(report).to.deep.equal({ message: "briefing", subjects: ["Reuniao as 15 h."] });
    const published = sns.at(0);
    expect(smsOf(published)).to.equal("Reuniao às 15 h.");
    const attributes = ["audience", "level", "location", "kind"].map((name) => attributeOf(published, name));
    expect(attributes).to.deep.equal(['["duty-officer"]', "9", '["porto-alegre","rio-grande"]', "message"]);
  });

  it("logs each message by the id that SNS gives it", async () => {
    await notify("briefing", { languages: ["pt-BR", "en"] });

    const published = log.lines.filter(({ message }) => message === "message published");
    const [name, kind, scheduledTime] = ["briefing", "text", "2024-05-01T10:00:00Z"];
    expect(published.map(({ details }) => details)).to.deep.equal([
      { name, kind, scheduledTime, language: "pt-BR", snsMessageId: "1" },
      { name, kind, scheduledTime, language: "en", snsMessageId: "2" },
    ]);
  });

  it("sends a message to everybody of its places only", async () => {
    await notify("coast");
    expect(attributeOf(sns.at(0), "location")).to.equal('["rio-grande"]');
  });

  it("sends a digest of all places, with what is known of them", async () => {
    put("state/alerts/porto-alegre.json", { ...calm, hazards: { rain: RED } });
    await notify("morning");
    const published = sns.at(0);
    expect(smsOf(published)).to.equal(
      "Resumo 01/05 07:00: Porto Alegre VERMELHO chuva desde 30/04 08:00; Rio Grande sem dados",
    );
    expect(attributeOf(published, "audience")).to.equal('["all"]');
    expect(attributeOf(published, "location")).to.equal('["porto-alegre","rio-grande"]');
    expect(attributeOf(published, "kind")).to.equal("digest");
    expect(published.Message).to.include("19,4 °C");
  });

  it("tells in the digest since when a station has been silent, and that no other is", async () => {
    put("state/alerts/porto-alegre.json", calm);
    put("state/alerts/rio-grande.json", calm);
    put("state/stations.json", {
      version: 1,
      stations: {
        "porto-alegre": { firstWatched: "2024-05-01T09:50:00Z" },
        "rio-grande": { silentSince: "2024-05-01T03:00:00Z" },
      },
      pending: [],
    });
    await notify("morning");

    expect(smsOf(sns.at(0))).to.equal(
      "Resumo 01/05 07:00: Rio Grande sem sinal desde 01/05 00:00; Porto Alegre sem alertas no que se conhece, chuva: dados so desde 01/05 05:00",
    );
  });

  it("sends the digest without silent stations when their file cannot be read, and says so in the log", async () => {
    put("state/alerts/porto-alegre.json", calm);
    for (const stations of ["garbled", { "porto-alegre": "silent" }]) {
      put("state/stations.json", { version: 7, stations });
      await notify("morning");
    }

    expect(sns.published.map(smsOf)).to.deep.equal(
      Array.from(
        { length: 2 },
        () =>
          "Resumo 01/05 07:00: Rio Grande sem dados; Porto Alegre sem alertas no que se conhece, chuva: dados so desde 01/05 05:00",
      ),
    );
    expect(log.lines.filter(({ level }) => level === "error")).to.have.length(2);
  });

  it("fails, to be tried again, when S3 does", async () => {
    const down = { send: () => Promise.reject(s3Error("SlowDown", 503)) };
    const error = await notify("morning", { s3: down }).catch((caught: unknown) => caught);

    expect(error).to.have.property("name", "SlowDown");
    expect(sns.published).to.deep.equal([]);
  });

  it("calls the lowest value of the day what it is, where rules ask below", async () => {
    const humidity = [[Date.parse("2024-05-01T08:00:00Z") / 1000, 24]];
    put("state/alerts/porto-alegre.json", { ...calm, history: { humidity } });
    await notify("morning");

    expect(smsOf(sns.at(0))).to.include("umidade min. 24 %");
  });

  it("sends a drill where an alert of its level would go, marked in every form", async () => {
    const report = await notify("storm");

    const published = sns.at(0);
    expect(report.subjects).to.deep.equal(["EXERCICIO: Nivel laranja de vento em Rio Grande"]);
    expect(smsOf(published)).to.match(/^EXERCICIO: VENTO no nivel LARANJA em Rio Grande, 01\/05 07:00\./);
    const attributes = ["audience", "level", "location", "hazard", "kind"].map((name) =>
      attributeOf(published, name),
    );
    expect(attributes).to.deep.equal(['["all"]', "2", '["rio-grande"]', "wind", "drill"]);
    const forms = JSON.parse(published.Message ?? "{}");
    expect(JSON.parse(forms.default)).to.deep.include({ kind: "drill", exercise: true });
    expect(forms.email).to.match(/^EXERCÍCIO: /);
  });

  it("leaves a CAP exercise of a drill at each of its places that has such a rule", async () => {
    const none = { "porto-alegre": presets.heat };
    await notify("siren", { rulesByLocation: none });

    const documents = [...s3.objects.keys()].filter((key) => key.startsWith("cap/rio-grande/"));
    expect(documents).to.have.length(1);
    expect([...s3.objects.keys()], "nor is it archived").to.have.members([
      "state/drills.json",
      documents[0],
      "cap/index.xml",
    ]);
    const xml = s3.text(documents[0] ?? "");
    expect(xml).to.include("<status>Exercise</status>").and.include("EXERCÍCIO: ");
    expect(s3.text("cap/index.xml")).to.include("EXERCÍCIO: ");
  });

  it("sends a drill to people by name past every filter, as any message", async () => {
    await notify("siren");

    const attributes = ["audience", "level", "location"].map((name) => attributeOf(sns.at(0), name));
    expect(attributes).to.deep.equal([
      '["night-shift","duty-officer"]',
      "9",
      '["porto-alegre","rio-grande"]',
    ]);
  });

  it("publishes once in each language, from one reading of the states", async () => {
    put("state/alerts/porto-alegre.json", calm);
    const read: string[] = [];
    const counting = {
      send: (command: GetObjectCommand) => {
        read.push(command.input.Key ?? "");
        return s3.send(command);
      },
    } as FakeS3;
    await notify("morning", { languages: ["pt-BR", "en"], s3: counting });

    expect(sns.published.map((input) => attributeOf(input, "language"))).to.deep.equal(["pt-BR", "en"]);
    expect(smsOf(sns.at(1))).to.match(/^Summary 1 May/);
    expect(read).to.have.members([
      "state/stations.json",
      "state/alerts/porto-alegre.json",
      "state/alerts/rio-grande.json",
    ]);
  });

  const refused: [string, Parameters<typeof notify>, RegExp][] = [
    [
      "a message that config does not have",
      ["constructor"],
      /"constructor".*allowed are briefing, morning, storm, siren, coast/,
    ],
    [
      "a time that is none",
      ["morning", { scheduledTime: "<aws.scheduler.scheduled-time>" }],
      /not an ISO 8601 time/,
    ],
  ];
  for (const [name, event, message] of refused) {
    it(`refuses ${name}`, async () => {
      const error = await notify(...event).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(NotifyError).with.property("message").that.matches(message);
      expect(sns.published).to.deep.equal([]);
    });
  }
});
