import { join } from "node:path";
import { namedQueriesOf } from "../../../local/athena/workgroups.ts";
import { loadProgram } from "../../../local/program/load.ts";
import { projectDirectory, start, summaryOf, temporaryFolder } from "../../end-to-end/command.ts";
import { runDuckdbJob } from "../spark/jobs.ts";
import { withLake } from "../support/served-lake.ts";
import { type Answer, createTrinoClient, type TrinoClient, type Value } from "./client.ts";
import { createTableStatement } from "./ddl.ts";
import { type GlueTable, isProjected, tablesOfGraph } from "./glue-tables.ts";
import { openGoldEngine } from "./gold-engine.ts";
import type { Trino } from "./install.ts";
import { CATALOG, startTrino } from "./server.ts";
import { generatedWeather, type RawObject } from "./weather.ts";

/** Gold of a local run and of generated weather, and Trino with the tables that the program declares. */
export interface GoldOnTrino {
  readonly version: string;
  readonly tables: readonly GlueTable[];
  /** The table of the records as they came. */
  readonly records: GlueTable;
  readonly trino: TrinoClient;
  /** Asks the local Athena's engine, over the files that there are at the moment. */
  askDuckdb(sql: string, values?: readonly Value[]): Promise<Answer>;
  /** Puts raw objects into the bucket and runs the job. */
  bringToGold(objects: readonly RawObject[]): Promise<void>;
  /** Registers the hours of raw, as the crawler does. */
  registerRaw(): Promise<void>;
  close(): Promise<void>;
}

/** Runs the program on the recorded flood, adds generated weather, and starts a server over what comes of it. */
export async function openGoldOnTrino(installed: Trino): Promise<GoldOnTrino> {
  await using opened = new AsyncDisposableStack();
  const folder = await temporaryFolder();
  opened.defer(() => folder.remove());
  const output = join(folder.path, "run");
  const packages = join(folder.path, "packages");
  const graph = await loadProgram({ directory: projectDirectory, stack: "local", packages });
  const declared = tablesOfGraph(graph);
  const tables = declared.filter(isProjected);
  const [records] = declared.filter((table) => !isProjected(table));
  if (records === undefined) throw new Error("the program declares no table of the records as they came");
  const database = namedQueriesOf(graph)[0]?.Database ?? "";

  const bringToGold: GoldOnTrino["bringToGold"] = (objects) =>
    withLake(graph, output, async (lake) => {
      for (const { key, body } of objects) await lake.objects.write(key, body);
      await runDuckdbJob(lake);
    });

  const server = await startTrino(installed, folder.path);
  opened.defer(() => server.stop());
  const [ended, version] = await Promise.all([start("--json", "--out", output), server.ready()]);
  summaryOf(ended);
  await bringToGold(generatedWeather());
  const trino = createTrinoClient({ url: server.url, catalog: CATALOG, database });
  for (const name of new Set(declared.map(({ databaseName }) => databaseName)))
    await trino.run(`CREATE SCHEMA "${name}"`);
  for (const table of declared) await trino.run(createTableStatement(table, locationInTrino));

  const kept = opened.move();
  return {
    version,
    tables,
    records,
    trino,
    async askDuckdb(sql, values = []) {
      const engine = await openGoldEngine(tables, join(output, "s3"));
      try {
        return await engine.run(sql, { database, values });
      } finally {
        engine.close();
      }
    },
    bringToGold,
    async registerRaw() {
      const names = `'${records.databaseName}', '${records.name}', 'FULL'`;
      await trino.run(`CALL ${CATALOG}.system.sync_partition_metadata(${names})`);
    },
    close: () => kept.disposeAsync(),
  };
}

/** Where the server, whose root is the folder around the run's output, has an object of S3. */
function locationInTrino(s3Uri: string): string {
  return s3Uri.replace(/^s3:\/\//, "local:///run/s3/");
}
