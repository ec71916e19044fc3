import { join } from "node:path";
import type { Graph } from "../../../local/graph.ts";
import { type Clients, createClients, destroyClients } from "../deployment/clients.ts";
import type { MiniStack } from "./install.ts";
import { type Publication, recordPublications } from "./publications.ts";
import { freePort, startServer } from "./server.ts";

/** MiniStack at work in the account and region of a graph. */
export interface Emulator {
  readonly url: string;
  readonly clients: Clients;
  readonly environment: Readonly<Record<string, string>>;
  /** What functions have published so far. */
  readonly publications: readonly Publication[];
  log(): string;
  stop(): Promise<void>;
}

/** It enforces no policy in this mode: any key will do. */
const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

export async function startEmulator(engine: MiniStack, graph: Graph, directory: string): Promise<Emulator> {
  const { accountId, region } = graph;
  const port = await freePort();
  const recorder = await recordPublications(port);
  const server = await startServer(engine, {
    port,
    directory: join(directory, "ministack"),
    place: { accountId, region },
    functionEnvironment: { AWS_ENDPOINT_URL_SNS: recorder.url },
  });
  const clients = createClients({ endpoint: server.url, region, credentials: CREDENTIALS });
  return {
    url: server.url,
    clients,
    environment: {
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    },
    publications: recorder.publications,
    log: server.log,
    async stop() {
      destroyClients(clients);
      await server.stop();
      await recorder.stop();
    },
  };
}
