import { join } from "node:path";
import { DEFAULT_REPLAY, readFeed } from "../../../cli/start/feed.ts";
import { parseConfig } from "../../../config/check.ts";
import type { Graph } from "../../../local/graph.ts";
import { loadProgram } from "../../../local/program/load.ts";
import { readProject, readStackConfig } from "../../../local/program/project.ts";
import { startWeatherApi, type WeatherApi } from "../../../replay/weather-api.ts";
import { receiveWebhooks, type WebhookReceiver } from "../../handlers/support/webhook-receiver.ts";
import { projectDirectory } from "../../infra/program.ts";

/** The program, recorded once, with the world around it: the flood as a weather API, and somebody's webhook. */
export interface Replayed {
  readonly graph: Graph;
  /** Ids of the places that the API knows. */
  readonly places: readonly string[];
  /** Times of the first and the last reading. */
  readonly start: Date;
  readonly end: Date;
  /** The last day with a reading, UTC. */
  readonly lastDay: string;
  readonly receiver: WebhookReceiver;
  readonly webhookSecret: string;
  /** What the weather API takes for now. */
  setNow(now: () => Date): void;
  stop(): Promise<void>;
}

const STACK = "local";
const API_KEY = "replay";
const WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Loads the program as `npm start` does, over the flood of Porto Alegre; its packages go below `directory`. */
export async function replayFlood(directory: string): Promise<Replayed> {
  const { name } = await readProject(projectDirectory);
  const { config } = await readStackConfig(projectDirectory, name, STACK, {});
  const { locations: byId, source } = parseConfig(config, STACK);
  const locations = Object.entries(byId).map(([id, location]) => ({ id, ...location }));
  const feed = await readFeed([join(projectDirectory, DEFAULT_REPLAY)], locations);
  let now = () => feed.start;
  const api: WeatherApi = await startWeatherApi({
    series: feed.readings,
    locations,
    now: () => now(),
    apiKey: API_KEY,
  });
  const receiver = await receiveWebhooks();
  const graph = await loadProgram({
    directory: projectDirectory,
    stack: STACK,
    packages: join(directory, "packages"),
    overrides: {
      "stormwire:source": { ...source, baseUrl: api.url },
      "stormwire:apiKey": API_KEY,
      "stormwire:webhooks": { "situation-room": { url: `${receiver.url}/hook`, secret: WEBHOOK_SECRET } },
    },
  });
  return {
    graph,
    places: locations.map(({ id }) => id),
    start: feed.start,
    end: feed.end,
    lastDay: feed.end.toISOString().slice(0, 10),
    receiver,
    webhookSecret: WEBHOOK_SECRET,
    setNow: (next) => {
      now = next;
    },
    async stop() {
      await receiver.stop();
      await api.stop();
    },
  };
}
