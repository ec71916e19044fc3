import { join } from "node:path";
import { expect } from "chai";
import { type RebuildOptions, rebuild } from "../../etl/rebuild.ts";
import type { Graph } from "../../local/graph.ts";
import { loadProgram } from "../../local/program/load.ts";
import { projectDirectory, temporaryFolder } from "../end-to-end/command.ts";
import { readObjects, writeObjects } from "../etl/histories/directory.ts";
import { type Disorder, deliverAll, disorder, inOrder } from "../etl/histories/disorder.ts";
import { createGoldReader } from "../etl/histories/gold-reader.ts";
import { figuresOf, placeOf } from "../etl/histories/inmet-gold.ts";
import { optionsOf } from "../etl/histories/options.ts";
import { createMemoryLake, type MemoryLake } from "../etl/memory-lake.ts";
import { INMET_FILES, type Reading, readingsOrSkip } from "../handlers/support/inmet.ts";
import { portoAlegre } from "../handlers/support/places.ts";
import { obtainSpark } from "./spark/install.ts";
import { runSparkJob } from "./spark/jobs.ts";
import { readGold } from "./support/gold.ts";
import { withLake } from "./support/served-lake.ts";
import { describeEngine } from "./support/unavailable.ts";

const TIMES = { installMilliseconds: 600_000, timeoutMilliseconds: 400_000 };
/** Each a place of the one lake: a session of Spark takes longer than all its rows. */
const SEEDS = [1, 2, 3];

describeEngine("gold of INMET's figures on Spark", { obtain: obtainSpark, ...TIMES }, (spark) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let graph: Graph;
  let options: RebuildOptions;
  let readings: readonly Reading[];
  /** Rebuilt by DuckDB. */
  let local: MemoryLake;
  let delivered: Disorder;
  /** Folder of the bucket whose gold Spark writes. */
  let sparks: string;

  before(async function () {
    readings = INMET_FILES.flatMap((file) => readingsOrSkip(file, this));
    folder = await temporaryFolder();
    sparks = join(folder.path, "spark/s3/lake");
    graph = await loadProgram({
      directory: projectDirectory,
      stack: "local",
      packages: join(folder.path, "packages"),
    });
    options = await optionsOf("observations");
    delivered = disorder(readings, SEEDS, placeOf);
    local = createMemoryLake();
  });
  after(() => folder?.remove());

  /** What is archived so far, rebuilt by both. */
  async function goldOfBoth() {
    await rebuild(local, options);
    await writeObjects(local, "raw/", sparks);
    await withLake(graph, join(folder.path, "spark"), (lake) => runSparkJob(spark(), lake));
    const duckdbs = join(folder.path, "duckdb");
    await writeObjects(local, "gold/", duckdbs);
    return { spark: await readGold(sparks), duckdb: await readGold(duckdbs) };
  }

  it("is DuckDB's, row for row, before the late records and after", async () => {
    for (const batches of [delivered.prompt, delivered.late]) {
      await deliverAll(local, batches);
      const gold = await goldOfBoth();
      expect(gold.spark).to.deep.equal(gold.duckdb);
    }
  });

  it(`is the same in ${SEEDS.length} random orders, with duplicates, corrections and 5 % late`, async () => {
    const ordered = createMemoryLake();
    await deliverAll(ordered, inOrder(readings, portoAlegre));
    await rebuild(ordered, options);
    const reader = await createGoldReader("observations");
    try {
      const expected = figuresOf(await reader.read(ordered), portoAlegre.id);
      const gold = await reader.read(await readObjects(sparks, "gold"));
      expect(expected).to.have.length(readings.length);
      for (const { id } of SEEDS.map(placeOf)) {
        expect(figuresOf(gold, id), id).to.deep.equal(expected);
      }
    } finally {
      await reader.close();
    }
  });
});
