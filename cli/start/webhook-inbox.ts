import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { isLoopback } from "../../config/checks/webhooks.ts";
import type { StormwireConfig } from "../../config/schema.ts";

type Webhooks = StormwireConfig["webhooks"];

/** File of a run's folder, written when a message was addressed to a webhook on another machine. */
export const WEBHOOK_INBOX = "webhooks.ndjson";

/** For webhooks what the outbox is for phones and mailboxes: a run sends nothing to other machines. */
export interface WebhookInbox {
  /** The stack's webhooks, with the URLs of other machines replaced by this inbox. */
  readonly webhooks: Webhooks;
  stop(): Promise<void>;
}

/**
 * Receives the messages of every webhook that is not on this machine, and keeps a line of JSON of each, with the
 * webhook's name, the signed headers and the body. A webhook on this machine is a test and receives its messages.
 *
 * @param file path of the {@link WEBHOOK_INBOX}
 */
export async function openWebhookInbox(webhooks: Webhooks, file: string): Promise<WebhookInbox> {
  const server = createServer(async (request, response) => {
    const [, webhook = ""] = (request.url ?? "").split("/");
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => name.startsWith("webhook-")),
    );
    try {
      const line = { webhook, headers, body: JSON.parse(await text(request)) };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(507).end(String(error)); // the webhook's function reports it, as of any other webhook
    }
  });
  server.listen(0, "127.0.0.1");
  server.unref(); // bad input may end the run before `stop` is called
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  // What follows the name is what Telegram's URLs must end with.
  const here = (name: string) => `http://127.0.0.1:${port}/${name}/sendMessage`;
  return {
    webhooks: Object.fromEntries(
      Object.entries(webhooks).map(([name, webhook]) => [
        name,
        isLoopback(new URL(webhook.url)) ? webhook : { ...webhook, url: here(name) },
      ]),
    ),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
