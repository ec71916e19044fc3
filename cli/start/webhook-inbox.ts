import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { isLoopback } from "../../config/checks/webhooks.ts";
import type { StormwireConfig } from "../../config/schema.ts";

type Webhooks = StormwireConfig["webhooks"];

/** File of a run's folder, there when a webhook on another machine was to get something. */
export const WEBHOOK_INBOX = "webhooks.ndjson";

/** Is to webhooks what the outbox is to phones and mailboxes: nobody outside hears of a run. */
export interface WebhookInbox {
  /** The stack's webhooks, those of other machines led here. */
  readonly webhooks: Webhooks;
  stop(): Promise<void>;
}

/**
 * Takes the place of every webhook that is not on this machine, and keeps what it gets: a line of JSON each, with the
 * webhook's name, the signed headers and the body. A webhook on this machine is somebody's test and gets its messages.
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
  server.unref(); // bad input may end the run before anybody stops it
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
