import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ReplayLocation } from "./location.ts";
import { answerForecast, FORECAST_PATH } from "./open-meteo.ts";
import { type Answer, createRecording, type Recording, type Series, type Served } from "./recording.ts";
import { answerRealtime, errorAnswer, REALTIME_PATH } from "./tomorrow-io.ts";

/** Failures of the API, to test a client's retries. */
interface Faults {
  /** Every n-th request fails; 1 means all of them. */
  readonly failEvery: number;
  /** HTTP status of the failure, e.g. 429 or 500. */
  readonly status: number;
  /** Sent as Retry-After; default 1. */
  readonly retryAfterSeconds?: number;
}

export interface WeatherApiOptions {
  readonly series: readonly Series[];
  readonly locations: readonly ReplayLocation[];
  /** The current time of the API, which is virtual in a replay. */
  readonly now: () => Date;
  /** The only key that Tomorrow.io's path accepts. */
  readonly apiKey: string;
  readonly faults?: Faults;
}

export interface WeatherApi {
  /** Base URL without a slash at the end: `http://127.0.0.1:PORT`. */
  readonly url: string;
  served(): Served;
  /** Resolves when the port is free and no connection is left. */
  stop(): Promise<void>;
}

/**
 * Serves recorded readings on loopback in the shapes of Tomorrow.io's realtime weather and Open-Meteo's current
 * conditions, so that the real client code runs against them.
 * @throws {ReplayError} when two series give different values for one location and time
 */
export async function startWeatherApi(options: WeatherApiOptions): Promise<WeatherApi> {
  const recording = createRecording(options);
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const { faults } = options;
    const isFault = faults !== undefined && requests % faults.failEvery === 0;
    send(response, isFault ? failure(faults) : answer(request, recording, options.apiKey));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    served: () => recording.served(),
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, recording: Recording, apiKey: string): Answer {
  const base = "http://127.0.0.1";
  const url = URL.parse(request.url ?? "/", base);
  const isKnown = url?.pathname === REALTIME_PATH || url?.pathname === FORECAST_PATH;
  if (url === null || !isKnown)
    return errorAnswer(404001, "Not Found", `The path ${url?.pathname ?? request.url} was not found.`);
  if (request.method !== "GET") {
    const error = errorAnswer(
      405001,
      "Method Not Allowed",
      `${request.method} is not allowed; allowed: GET.`,
    );
    return { ...error, headers: { allow: "GET" } };
  }
  const query = url.searchParams;
  if (url.pathname === FORECAST_PATH) return answerForecast(query, { recording });
  const headerKey = request.headersDistinct.apikey?.[0];
  return answerRealtime({ query, headerKey }, { recording, apiKey });
}

function failure({ status, retryAfterSeconds = 1 }: Faults): Answer {
  const type = status === 429 ? "Too Many Calls" : "Internal Error";
  const error = errorAnswer(status * 1000 + 1, type, "The run is configured to fail this request.");
  return { ...error, headers: { "retry-after": String(retryAfterSeconds) } };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
