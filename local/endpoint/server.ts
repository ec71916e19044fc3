import { createServer as createHttp1Server, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { createServer as createHttp2Server, type Http2ServerRequest } from "node:http2";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { HttpRequest, HttpResponse } from "./operation.ts";

interface Server {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  stop(): Promise<void>;
}

/** The common part of the responses of http and http2. */
interface Outgoing {
  writeHead(statusCode: number, headers: Record<string, string>): unknown;
  end(body: Buffer | string): unknown;
  destroy(error: Error): unknown;
}

/** How an HTTP/2 client with prior knowledge begins: https://www.rfc-editor.org/rfc/rfc9113#section-3.4 */
const HTTP2_PREFACE = Buffer.from("PRI * HTTP/2.0");

/** Serves HTTP/1.1 and HTTP/2 without TLS on one loopback port. The first bytes of a connection select the protocol. */
export async function startServer(respond: (request: HttpRequest) => Promise<HttpResponse>): Promise<Server> {
  const http1 = createHttp1Server((request, response) => void answer(request, response, respond));
  const http2 = createHttp2Server((request, response) => void answer(request, response, respond));
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A client that disconnects is not a failure of the run; the caller that waits for the answer sees the error.
    socket.on("error", () => socket.destroy());
    handOver(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit("connection", socket));
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", resolve);
  });
  const { port } = listener.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve, reject) => {
        listener.close((error) => (error === undefined ? resolve() : reject(error)));
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Reads until the protocol is certain, puts the bytes back and passes on whether it is HTTP/2. */
function handOver(socket: Socket, use: (isHttp2: boolean) => void): void {
  const peek = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    socket.unshift(chunk);
    const length = Math.min(chunk.length, HTTP2_PREFACE.length);
    const agrees = chunk.subarray(0, length).equals(HTTP2_PREFACE.subarray(0, length));
    if (agrees && length < HTTP2_PREFACE.length) return;
    socket.off("readable", peek);
    use(agrees);
  };
  socket.on("readable", peek);
}

async function answer(
  incoming: IncomingMessage | Http2ServerRequest,
  outgoing: Outgoing,
  respond: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<void> {
  try {
    const response = await respond(await readRequest(incoming));
    const length = String(Buffer.byteLength(response.body));
    outgoing.writeHead(response.statusCode, { "content-length": length, ...response.headers });
    outgoing.end(incoming.method === "HEAD" ? "" : response.body);
  } catch (error) {
    outgoing.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

async function readRequest(incoming: IncomingMessage | Http2ServerRequest): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const target = incoming.url ?? "/";
  const questionMark = target.indexOf("?");
  return {
    method: incoming.method ?? "GET",
    path: questionMark === -1 ? target : target.slice(0, questionMark),
    query: new URLSearchParams(questionMark === -1 ? "" : target.slice(questionMark + 1)),
    headers: plainHeaders(incoming.headers),
    body: Buffer.concat(chunks),
  };
}

/** HTTP/2 carries the host as `:authority`; signatures cover it by either name. */
function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(",") : value;
  }
  const authority = plain[":authority"];
  return authority === undefined ? plain : { host: authority, ...plain };
}
