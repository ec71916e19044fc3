import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { MiniStack } from "../ministack/install.ts";
import { startOwned } from "../support/owned-process.ts";

/** A running MiniStack. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

const START_MILLISECONDS = 60_000;

/**
 * Starts MiniStack on a free port of loopback, with nothing of the host's environment, which would reach its functions.
 * @param directory where it keeps everything; made if missing
 * @param enforcesPolicies of IAM, which it does not do by itself
 */
export async function startMiniStack(
  { python }: MiniStack,
  { directory, enforcesPolicies }: { directory: string; enforcesPolicies: boolean },
): Promise<Server> {
  const [temporary, objects] = [join(directory, "tmp"), join(directory, "s3")];
  for (const folder of [temporary, objects]) await mkdir(folder, { recursive: true });
  const port = await freePort();
  const child = await startOwned(python, ["-m", "ministack"], {
    cwd: directory,
    logFile: join(directory, "ministack.log"),
    env: {
      PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
      HOME: temporary,
      TMPDIR: temporary,
      TZ: "UTC",
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      MINISTACK_HOST: "127.0.0.1",
      // Both would listen on every interface.
      IOT_MTLS_ENABLED: "0",
      SFTP_ENABLED: "0",
      S3_DATA_DIR: objects,
      ...(enforcesPolicies && { AUTH: "true" }),
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_MILLISECONDS;
  while (!(await isHealthy(url))) {
    if (child.exitCode() !== undefined || performance.now() > deadline) {
      const said = await child.lastLines();
      await child.kill();
      throw new Error(`MiniStack did not start:\n${said}`);
    }
    await delay(100);
  }
  return { url, stop: () => child.kill() };
}

async function isHealthy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.ok ?? false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
