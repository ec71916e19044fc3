import { type Answer, answer, serve } from "../weather/sources/server.ts";

/** One request, as it came. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  stop(): Promise<void>;
}

/** A loopback server that keeps what it receives; gives the answers in turn, the last one again and again. */
export async function receiveWebhooks(...answers: readonly Answer[]): Promise<WebhookReceiver> {
  const received: ReceivedRequest[] = [];
  const given = answers.length > 0 ? answers : [answer(204, "")];
  const server = await serve(
    ...given.map(
      (give): Answer =>
        (response, request) => {
          let body = "";
          request.setEncoding("utf8");
          request.on("data", (chunk: string) => {
            body += chunk;
          });
          request.on("end", () => {
            const { method = "", url: path = "" } = request;
            received.push({ method, path, headers: request.headers as Record<string, string>, body });
            give(response, request);
          });
        },
    ),
  );
  return { url: server.url, received, stop: () => server.stop() };
}
