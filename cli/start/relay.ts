import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseJson } from "../../lib/json.ts";
import { quoted } from "../../replay/error.ts";

/** Stands between the producer of a live run and the weather API: a run sees each attempt, and can end one. */
export interface Relay {
  /** What the producer takes for the weather API. */
  readonly url: string;
  /** Answers what is under way with 410 after this long, and all that comes later at once. */
  end(graceMs: number): void;
  stop(): Promise<void>;
}

const GONE = { error: true, reason: "the run has ended", type: "Gone", message: "the run has ended" };

/** @param options.onFault called at once with what is wrong with an attempt that the producer may repeat */
export async function startRelay(options: {
  baseUrl: string;
  onFault: (problem: string) => void;
}): Promise<Relay> {
  const pending = new Set<ServerResponse>();
  let isEnded = false;
  const server = createServer((request, response) => {
    if (isEnded) return gone(response);
    pending.add(response);
    response.once("close", () => pending.delete(response));
    void pass(request, response, options);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    end(graceMs) {
      isEnded = true;
      setTimeout(() => pending.forEach(gone), graceMs).unref();
    },
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** One attempt. When there is no answer, the producer gets none either. */
async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  { baseUrl, onFault }: { baseUrl: string; onFault: (problem: string) => void },
): Promise<void> {
  const startedAt = performance.now();
  const left = new AbortController();
  response.once("close", () => left.abort());
  try {
    const url = new URL(request.url ?? "/", baseUrl);
    const headers = { accept: request.headers.accept ?? "*/*" };
    const answer = await fetch(url, { headers, redirect: "manual", signal: left.signal });
    const body = await answer.text();
    const { status, statusText } = answer;
    if (status === 429 || status >= 500) onFault(`answered ${status} ${statusText}`.trimEnd());
    else if (answer.ok && !isJson(body)) onFault(`answered ${status} without JSON: ${quoted(body)}`);
    if (response.headersSent) return; // it was answered when the run ended
    response.writeHead(status, passedOn(answer)).end(body);
  } catch (error) {
    if (response.headersSent) return;
    if (left.signal.aborted) {
      onFault(`no answer within ${Math.round((performance.now() - startedAt) / 1000)} s`);
    } else {
      onFault(`no answer: ${reasonOf(error)}`);
      response.destroy();
    }
  }
}

function gone(response: ServerResponse): void {
  if (response.headersSent) return;
  response.writeHead(410, { "content-type": "application/json" }).end(JSON.stringify(GONE));
}

/** The headers that the producer reads. */
function passedOn({ headers }: Response): Record<string, string> {
  return Object.fromEntries(
    ["content-type", "date", "retry-after", "location"].flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** `fetch` says only that it failed; what failed is its cause. */
function reasonOf(error: unknown): string {
  const { cause = error } = error instanceof Error ? error : { cause: error };
  const { code, message } = cause as NodeJS.ErrnoException;
  return message || code || String(cause);
}

function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}
