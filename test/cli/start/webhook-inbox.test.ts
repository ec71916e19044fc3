import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openWebhookInbox, WEBHOOK_INBOX, type WebhookInbox } from "../../../cli/start/webhook-inbox.ts";

const json = { format: "json", level: "yellow", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } as const;

describe("the webhooks of a local run", () => {
  let folder: string;
  let inbox: WebhookInbox;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stormwire-inbox-"));
  });
  afterEach(async () => {
    await inbox.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("on other machines hear nothing of it: what they would get is kept by name", async () => {
    const file = join(folder, WEBHOOK_INBOX);
    inbox = await openWebhookInbox({ ops: { ...json, url: "https://hooks.example.org/x" } }, file);

    const url = inbox.webhooks.ops?.url ?? "";
    const headers = { "webhook-id": "m-1", "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body: '{"kind":"start"}' });

    expect(new URL(url).hostname).to.equal("127.0.0.1");
    expect(inbox.webhooks.ops).to.deep.include(json);
    expect(answer.status).to.equal(204);
    expect(JSON.parse(await readFile(file, "utf8"))).to.deep.equal({
      webhook: "ops",
      headers: { "webhook-id": "m-1" },
      body: { kind: "start" },
    });
  });

  it("on this machine are left as they are", async () => {
    const mine = { ops: { ...json, url: "http://localhost:8080/hook" } };
    inbox = await openWebhookInbox(mine, join(folder, WEBHOOK_INBOX));

    expect(inbox.webhooks).to.deep.equal(mine);
  });
});
