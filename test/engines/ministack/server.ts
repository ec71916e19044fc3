import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type OwnedProcess, startOwned } from "../support/owned-process.ts";
import type { MiniStack } from "./install.ts";

export interface ServerOptions {
  /** Where it keeps everything; made if missing. */
  readonly directory: string;
  /** A port of loopback; one that is free by default. */
  readonly port?: number;
  /** MiniStack has an account and a region of its own by default. */
  readonly place?: { readonly accountId: string; readonly region: string };
  /** Of IAM, which it does not do by itself: any key will do then. */
  readonly enforcesPolicies?: boolean;
  /** Functions see these variables besides their own: MiniStack hands its environment on. */
  readonly functionEnvironment?: Readonly<Record<string, string>>;
}

/** A running MiniStack. */
export interface Server {
  /** What `AWS_ENDPOINT_URL` has to say. */
  readonly url: string;
  /** What it printed so far. */
  log(): string;
  /** Stops it and its functions' processes. */
  stop(): Promise<void>;
}

const START_MILLISECONDS = 60_000;

/** Starts MiniStack on loopback, with nothing of the host's environment. Throws what it printed when it does not come up. */
export async function startServer({ python }: MiniStack, options: ServerOptions): Promise<Server> {
  const { directory, place, enforcesPolicies = false, functionEnvironment = {} } = options;
  const port = options.port ?? (await freePort());
  const [temporary, objects] = [join(directory, "tmp"), join(directory, "s3")];
  for (const folder of [temporary, objects]) mkdirSync(folder, { recursive: true });
  const logFile = join(directory, "ministack.log");
  const child = await startOwned(python, ["-m", "ministack"], {
    cwd: directory,
    logFile,
    env: {
      ...functionEnvironment,
      PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
      HOME: temporary,
      TMPDIR: temporary,
      TZ: "UTC",
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      MINISTACK_HOST: "127.0.0.1",
      ...(place && { MINISTACK_ACCOUNT_ID: place.accountId, MINISTACK_REGION: place.region }),
      // Both would listen on every interface.
      IOT_MTLS_ENABLED: "0",
      SFTP_ENABLED: "0",
      S3_DATA_DIR: objects,
      ...(enforcesPolicies && { AUTH: "true" }),
    },
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await healthy(child, url);
  } catch (cause) {
    const printed = await child.lastLines();
    await child.kill();
    throw new Error(`MiniStack did not start:\n${printed}`, { cause });
  }
  return { url, log: () => readFileSync(logFile, "utf8"), stop: () => child.kill() };
}

/** A port of loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function healthy(child: OwnedProcess, url: string): Promise<void> {
  const deadline = performance.now() + START_MILLISECONDS;
  while (performance.now() < deadline) {
    if (child.exitCode() !== undefined) throw new Error("it ended at once");
    const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await delay(100);
  }
  throw new Error(`it did not answer within ${START_MILLISECONDS} ms`);
}
