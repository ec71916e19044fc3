import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { type OwnedProcess, startOwned } from "../support/owned-process.ts";
import { createTrinoClient, TrinoError } from "./client.ts";
import type { Trino } from "./install.ts";

export interface TrinoServer {
  readonly url: string;
  /** Waits until the server answers queries; its version. Throws with the end of its log when it never does. */
  ready(): Promise<string>;
  stop(): Promise<void>;
}

/** Athena's name of the Glue catalog, for queries that spell it out. */
export const CATALOG = "awsdatacatalog";

const START_LIMIT_MILLISECONDS = 120_000;
const POLL_MILLISECONDS = 200;

/** Starts a server, for this machine alone, whose `local:///` is the folder `root`; its own files go to `root/trino`. */
export async function startTrino({ java, libraries, plugins }: Trino, root: string): Promise<TrinoServer> {
  const directory = join(root, "trino");
  const port = await freePort();
  await writeConfiguration({ directory, root, plugins, port });
  const server = await startOwned(
    java,
    [
      "-Xmx768M",
      // Queries of a second on two cores: what the better compiler and collector cost is not earned back.
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "--add-modules=jdk.incubator.vector",
      "--sun-misc-unsafe-memory-access=allow",
      "--enable-native-access=ALL-UNNAMED",
      "-Djdk.attach.allowAttachSelf=true",
      "-Duser.timezone=UTC",
      `-Djava.io.tmpdir=${directory}`,
      `-Dconfig=${join(directory, "config.properties")}`,
      "-classpath",
      join(libraries, "*"),
      "io.trino.server.TrinoServer",
    ],
    { cwd: directory, env: { PATH: process.env.PATH }, logFile: join(directory, "server.log") },
  );
  const url = `http://127.0.0.1:${port}`;
  return { url, ready: () => readyVersion(url, server), stop: () => server.kill() };
}

async function writeConfiguration(where: {
  directory: string;
  root: string;
  plugins: string;
  port: number;
}): Promise<void> {
  const { directory, root, plugins, port } = where;
  const catalogs = join(directory, "catalogs");
  await mkdir(catalogs, { recursive: true });
  await writeProperties(join(directory, "config.properties"), {
    "node.environment": "test",
    "node.bind-ip": "127.0.0.1",
    "node.internal-address": "127.0.0.1",
    coordinator: true,
    "node-scheduler.include-coordinator": true,
    "http-server.http.port": port,
    "discovery.uri": `http://127.0.0.1:${port}`,
    "plugin.dir": plugins,
    "catalog.config-dir": catalogs,
    "query.max-memory": "256MB",
    "query.max-memory-per-node": "256MB",
    "memory.heap-headroom-per-node": "200MB",
  });
  await writeProperties(join(catalogs, `${CATALOG}.properties`), {
    "connector.name": "hive",
    "hive.metastore": "file",
    "hive.metastore.catalog.dir": "local:///trino/metastore",
    "fs.native-local.enabled": true,
    "local.location": root,
    "hive.partition-projection-enabled": true,
    // As Athena does with projected partitions: https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
    "hive.ignore-absent-partitions": true,
  });
}

async function writeProperties(file: string, properties: Readonly<Record<string, unknown>>): Promise<void> {
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(file, lines.join(""));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}

const infoSchema = z.object({ starting: z.boolean(), nodeVersion: z.object({ version: z.string() }) });

async function readyVersion(url: string, server: OwnedProcess): Promise<string> {
  for (let waited = 0; waited < START_LIMIT_MILLISECONDS; waited += POLL_MILLISECONDS) {
    const code = server.exitCode();
    if (code !== undefined) throw new Error(`Trino ended with ${code}:\n${await server.lastLines()}`);
    const version = await versionIfReady(url);
    if (version !== undefined) return version;
    await setTimeout(POLL_MILLISECONDS);
  }
  throw new Error(`Trino is not ready after ${START_LIMIT_MILLISECONDS} ms:\n${await server.lastLines()}`);
}

async function versionIfReady(url: string): Promise<string | undefined> {
  try {
    const info = infoSchema.parse(await (await fetch(`${url}/v1/info`)).json());
    if (info.starting) return undefined;
    await createTrinoClient({ url }).run("SELECT 1");
    return info.nodeVersion.version;
  } catch (error) {
    // Not listening yet, or not yet known to itself as a worker.
    const isEarly =
      error instanceof TypeError || (error instanceof TrinoError && error.code === "NO_NODES_AVAILABLE");
    if (isEarly) return undefined;
    throw error;
  }
}
