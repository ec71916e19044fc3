import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Transition } from "../../handlers/weather/alerts/transition.ts";
import { alertMessage } from "../../handlers/weather/messages/alert-message.ts";
import { wordsOf } from "../../handlers/weather/messages/language.ts";
import type { ProgramMessage } from "../../handlers/weather/messages/message.ts";
import { textMessage } from "../../handlers/weather/messages/scheduled-message.ts";
import { signatureHeaders } from "../../handlers/webhook/formats.ts";
import { expectGolden } from "./support/golden.ts";
import { portoAlegre } from "./support/places.ts";

const docs = readFileSync(new URL("../../docs/webhooks.md", import.meta.url), "utf-8");
const words = wordsOf("en");
const START = "porto-alegre/rain/2024-04-30T06:00:00Z/start";
const RED = "porto-alegre/rain/2024-04-30T11:00:00Z/escalation";

const start: Transition = {
  id: START,
  time: "2024-04-30T06:00:00Z",
  location: "porto-alegre",
  hazard: "rain",
  level: "orange",
  kind: "start",
  value: 72.2,
  threshold: 50,
  measure: { metric: "rainIntensity", over: "24h", as: "sum" },
  below: false,
  scale: "INMET",
  since: "2024-04-30T06:00:00Z",
};
const escalation: Transition = {
  ...start,
  id: RED,
  time: "2024-04-30T11:00:00Z",
  level: "red",
  kind: "escalation",
  value: 100.2,
  threshold: 100,
  earlier: [{ id: START, time: start.time }],
};
const repeat: Transition = {
  ...escalation,
  id: "porto-alegre/rain/2024-04-30T23:00:00Z/repeat",
  time: "2024-04-30T23:00:00Z",
  kind: "repeat",
  value: 120.8,
  earlier: [...(escalation.earlier ?? []), { id: RED, time: escalation.time }],
};
const clear: Transition = {
  ...repeat,
  id: "porto-alegre/rain/2024-05-03T07:00:00Z/clear",
  time: "2024-05-03T07:00:00Z",
  kind: "clear",
  value: 20.6,
  threshold: 50,
};

describe("docs/webhooks.md", () => {
  const examples: Readonly<Record<string, ProgramMessage>> = {
    start: alertMessage(start, portoAlegre, words).program,
    escalation: alertMessage(escalation, portoAlegre, words).program,
    repeat: alertMessage(repeat, portoAlegre, words).program,
    clear: alertMessage(clear, portoAlegre, words).program,
    message: textMessage("Shelter briefing at 19:00 at city hall", words).program,
  };
  const rendered = Object.entries(examples).map(
    ([name, json]) => [name, JSON.stringify(json, null, 2)] as const,
  );

  it("has the golden file's examples", () => {
    expectGolden("webhooks.en.txt", rendered.map(([name, json]) => `== ${name}\n${json}\n`).join("\n"));
    for (const [name, json] of rendered) {
      expect(docs, `the example of ${name}`).to.include(`\`\`\`json\n${json}\n\`\`\``);
    }
  });

  it("shows how to verify a signature in a way that works", async () => {
    const snippet = /```js\n([\s\S]*?)```/.exec(docs)?.[1] ?? "";
    const { verify } = await import(`data:text/javascript,${encodeURIComponent(snippet)}`);
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const body = JSON.stringify(examples.start);
    const sign = (time: Date) => signatureHeaders({ id: "m-1", body, secret, time });
    const now = new Date("2024-04-30T11:00:00Z");
    const headers = sign(new Date("2024-04-30T10:56:00Z"));

    expect(verify(body, headers, secret, now)).to.deep.equal(examples.start);
    expect(() => verify(body.replace("72.2", "2.2"), headers, secret, now)).to.throw("signature");
    expect(() => verify(body, { ...headers, "webhook-id": "m-2" }, secret, now)).to.throw("signature");
    expect(() => verify(body, sign(new Date("2024-04-30T10:54:00Z")), secret, now)).to.throw("old");
  });
});
