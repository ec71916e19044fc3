import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { MiniStack } from "./install.ts";

export interface ServerOptions {
  /** Where it keeps everything; made if missing. */
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  /** Functions see these variables besides their own: MiniStack hands its environment on. */
  readonly functionEnvironment: Readonly<Record<string, string>>;
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
/** MiniStack lives as long as the shell's input is open: when whoever started it dies, however, the whole group dies. */
const LEASH = '("$0" -m ministack </dev/null; kill -KILL 0) & cat >/dev/null; kill -KILL 0';

/** Starts MiniStack on a free port of loopback, with nothing of the host's environment. Throws what it printed when it does not come up. */
export async function startServer(
  { python }: MiniStack,
  port: number,
  options: ServerOptions,
): Promise<Server> {
  const { directory, accountId, region } = options;
  const [temporary, objects] = [join(directory, "tmp"), join(directory, "s3")];
  for (const folder of [temporary, objects]) mkdirSync(folder, { recursive: true });
  const logFile = join(directory, "ministack.log");
  const log = openSync(logFile, "a");
  const child = spawn("/bin/sh", ["-c", LEASH, python], {
    cwd: directory,
    detached: true, // a group of its own, which its functions' processes are in
    stdio: ["pipe", log, log],
    env: {
      ...options.functionEnvironment,
      PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
      HOME: temporary,
      TMPDIR: temporary,
      TZ: "UTC",
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      MINISTACK_HOST: "127.0.0.1",
      MINISTACK_ACCOUNT_ID: accountId,
      MINISTACK_REGION: region,
      // Both would listen on every interface.
      IOT_MTLS_ENABLED: "0",
      SFTP_ENABLED: "0",
      S3_DATA_DIR: objects,
    },
  });
  closeSync(log); // the child has its own
  const url = `http://127.0.0.1:${port}`;
  const printed = () => readFileSync(logFile, "utf8");
  const ended = once(child, "exit");
  const stop = async () => {
    child.stdin?.end();
    await ended;
  };
  try {
    await healthy(child, url);
  } catch (cause) {
    await stop();
    throw new Error(`MiniStack did not start:\n${printed()}`, { cause });
  }
  return { url, log: printed, stop };
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

async function healthy(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + START_MILLISECONDS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it ended at once");
    const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await delay(100);
  }
  throw new Error(`it did not answer within ${START_MILLISECONDS} ms`);
}
