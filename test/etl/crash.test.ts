import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Lake } from "../../etl/lake.ts";
import { type RebuildOptions, rebuild } from "../../etl/rebuild.ts";
import { tableText } from "../../etl/table-definition.ts";
import { tableNamed } from "../../etl/tables.ts";
import { archivedLine, createMemoryLake, gzipLines, type MemoryLake, rawKey } from "./memory-lake.ts";
import { runWithJob } from "./python.ts";

const DAY = "2024-04-30";
const FOLDER = `gold/observations/day=${DAY}/`;
const line = (minute: string, temperature: number) =>
  gzipLines([archivedLine({ time: `${DAY}T11:${minute}:00Z`, values: { temperature } })]);

/** What a run finds: a day that is up to date, and what came since. */
interface Scenario {
  readonly before: MemoryLake;
  /** The raw objects that came; with no lines, the day has no row any more. */
  readonly late: ReadonlyMap<string, Uint8Array>;
}

describe("a run that is killed", function () {
  this.timeout(120_000);
  let options: RebuildOptions;

  before(async () => {
    options = {
      sql: await readFile("etl/observations.sql", "utf8"),
      table: tableText(tableNamed("observations")),
    };
  });

  const scenarios: [string, (options: RebuildOptions) => Promise<Scenario>][] = [
    [
      "over a new day",
      async () => ({
        before: createMemoryLake(),
        late: new Map([[rawKey(`${DAY}T11`, "a"), line("00", 1)]]),
      }),
    ],
    [
      "over a day with late data",
      (given) => builtDay(given, new Map([[rawKey(`${DAY}T11`, "b"), line("05", 2)]])),
    ],
    [
      "over a day without a row any more",
      (given) => builtDay(given, new Map([[rawKey(`${DAY}T11`, "a"), gzipLines(["{}"])]])),
    ],
  ];

  for (const [name, prepare] of scenarios) {
    it(`${name}, between any two steps, leaves the old day or the new one, and the next run mends it`, async () => {
      const { before, late } = await prepare(options);
      const goldBefore = goldOf(before);
      const whole = copyOf(before, late);
      await rebuild(whole, options);

      const steps = await atEveryStep(options, async (kill) => {
        const lake = copyOf(before, late);
        await kill(lake);
        expect(goldOf(lake), `readers of ${FOLDER}`).to.be.oneOf([goldBefore, goldOf(whole)]);
        await rebuild(lake, options);
        expect(contents(lake)).to.deep.equal(contents(whole));
      });

      expect(steps).to.be.greaterThan(5);
    });
  }

  it("does not pass for up to date when the transformation is rolled back", async () => {
    const { before } = await builtDay(options, new Map());
    const next = { ...options, sql: options.sql.replace("recency = 1", "recency = 1 AND temperature < 0") };

    await atEveryStep(next, async (kill) => {
      const lake = copyOf(before);
      await kill(lake);
      await rebuild(lake, options);
      expect(goldOf(lake)).to.equal(goldOf(before));
    });
  });

  it("on Spark keeps the same promises, between any two steps", function () {
    const table = tableNamed("observations");
    const steps = Number(
      runWithJob(this, CRASH_SPARK, { table, rawKey: rawKey(`${DAY}T11`, "X"), day: DAY }),
    );
    expect(steps).to.be.greaterThan(20);
  });
});

async function builtDay(options: RebuildOptions, late: Scenario["late"]): Promise<Scenario> {
  const before = createMemoryLake();
  before.objects.set(rawKey(`${DAY}T11`, "a"), line("00", 1));
  await rebuild(before, options);
  return { before, late };
}

/** Runs `check` with a run that dies before its first, second, … call of the lake, until one lives. Returns how many died. */
async function atEveryStep(
  options: RebuildOptions,
  check: (kill: (lake: MemoryLake) => Promise<void>) => Promise<void>,
): Promise<number> {
  for (let step = 0; ; step += 1) {
    let isKilled = false;
    await check(async (lake) => {
      try {
        await rebuild(dyingBefore(lake, step), options);
      } catch (error) {
        if (!(error instanceof KilledError)) throw error;
        isKilled = true;
      }
    });
    if (!isKilled) return step;
  }
}

class KilledError extends Error {}

function dyingBefore(lake: MemoryLake, step: number): Lake {
  let calls = 0;
  async function next<Result>(call: () => Promise<Result>): Promise<Result> {
    if (calls === step) throw new KilledError();
    calls += 1;
    return await call();
  }
  return {
    list: (prefix) => next(() => lake.list(prefix)),
    read: (key) => next(() => lake.read(key)),
    write: (key, body) => next(() => lake.write(key, body)),
    remove: (keys) => next(() => lake.remove(keys)),
  };
}

function copyOf(lake: MemoryLake, more: Scenario["late"] = new Map()): MemoryLake {
  const copy = createMemoryLake();
  for (const [key, body] of [...lake.objects, ...more]) copy.objects.set(key, body);
  return copy;
}

function contents({ objects }: MemoryLake): [string, string][] {
  return [...objects].map(([key, body]): [string, string] => [key, base64(body)]).sort();
}

/** All that a reader of the day finds. */
function goldOf({ objects }: MemoryLake): string {
  return [...objects]
    .filter(([key]) => key.startsWith(FOLDER))
    .map(([key, body]) => `${key} ${base64(body)}`)
    .sort()
    .join("\n");
}

function base64(body: Uint8Array): string {
  return Buffer.from(body).toString("base64");
}

/** The same of gold.py, whose Spark is replaced by one that stages the day's raw as it is. Prints how many runs died. */
const CRASH_SPARK = `
table, day = given['table'], given['day']
raw_a, raw_b = given['rawKey'].replace('X', 'a'), given['rawKey'].replace('X', 'b')
folder, marker = f'gold/observations/day={day}/', f'state/etl/observations/day={day}.json'

class Killed(Exception): pass

class MemoryLake:
    def __init__(self, objects, steps=None): self.objects, self.steps = objects, steps
    def live(self):
        if self.steps == 0: raise Killed()
        if self.steps is not None: self.steps -= 1
    def list(self, prefix):
        self.live()
        return [(key, f'"{job.sha256(body)}"') for key, body in sorted(self.objects.items()) if key.startswith(prefix)]
    def read(self, key): self.live(); return self.objects[key]
    def list_empty(self, prefix): self.live(); return []
    def write(self, key, text): self.live(); self.objects[key] = text
    def copy(self, source, target): self.live(); self.objects[target] = self.objects[source]
    def remove(self, keys):
        self.live()
        for key in keys: self.objects.pop(key, None)

# As EMRFS does; the role allows its PutObject below state/etl/ only.
def make_folders(objects, folder):
    parts = folder.rstrip('/').split('/')
    for parent in ('/'.join(parts[:depth]) for depth in range(1, len(parts))):
        if not any(key.startswith(f'{parent}/') for key in objects):
            assert parent.startswith('state/etl/'), f'{parent}_$folder$ is denied'

def run(objects, transformation='sql', steps=None):
    lake = MemoryLake(objects, steps)
    class Engine:
        def inspect(self, table, keys, skipped): return []
        def stage(self, table, keys, skipped, staging):
            for key in [key for key in objects if key.startswith(staging)]: del objects[key]
            make_folders(objects, staging)
            bodies = [objects[key] for key in keys if objects[key]]
            if bodies:
                lake.live()
                objects[f'{staging}day={day}/part-0.zstd.parquet'] = transformation + str(bodies)
            return len(bodies), ({day: (len(bodies), len(bodies))} if bodies else {})
    return job.rebuild(Engine(), lake, table, transformation)

def gold(objects): return {key: body for key, body in objects.items() if key.startswith(folder)}

# What a run staged that died just before its end stays until the next that stages; nobody reads it.
def unstaged(objects): return {key: body for key, body in objects.items() if '/staging/' not in key}

def whole(objects, transformation='sql'):
    after = dict(objects)
    run(after, transformation)
    return after

built = whole({raw_a: '1'})
died = 0
for before, transformation in [
    ({raw_a: '1'}, 'sql'), (built | {raw_b: '2'}, 'sql'), (built | {raw_a: ''}, 'sql'), (built, 'next'),
]:
    after = whole(before, transformation)
    assert after == unstaged(after), 'staging is left'
    steps = 0
    while True:
        objects = dict(before)
        try:
            run(objects, transformation, steps)
            break
        except Killed:
            died, steps = died + 1, steps + 1
        assert gold(objects) in (gold(before), gold(after)), (steps, gold(objects))
        if transformation == 'next':
            rolled_back = whole(objects)
            assert gold(rolled_back) == gold(before), (steps, gold(rolled_back))
        mended = whole(objects, transformation)
        assert unstaged(mended) == after, (steps, mended)
print(died)
`;
