import { expect } from "chai";
import { type RebuildOptions, rebuild } from "../../../etl/rebuild.ts";
import { parseTable } from "../../../etl/table-definition.ts";
import { createMemoryLake, type MemoryLake } from "../memory-lake.ts";
import type { GoldReader } from "./gold-reader.ts";
import type { Gold } from "./naive-gold.ts";
import { type Hooks, Killed, steppedLake } from "./stepped-lake.ts";

const { HISTORIES = "25", HISTORIES_SEED: seed } = process.env;

/**
 * Parameters of `fc.assert`. More histories for a soak: `HISTORIES=2000 npx mocha --timeout 0 test/etl/histories.test.ts`;
 * `HISTORIES_SEED` plays those of a failure again, by the seed that it printed.
 */
export const HOW_MANY_HISTORIES = {
  numRuns: Number(HISTORIES),
  ...(seed === undefined ? {} : { seed: Number(seed) }),
};

export interface Runs<Archived> {
  readonly options: RebuildOptions;
  readonly reader: GoldReader;
  /** Gold of what was archived, as one would write it without an engine. */
  naive(archived: readonly Archived[]): Gold;
}

/**
 * Runs the ETL; every day must then be as it was or as what is archived when the run lists it says.
 * @param archived grows with what the hooks archive
 */
export async function runChecked<Archived>(
  { options, reader, naive }: Runs<Archived>,
  lake: MemoryLake,
  archived: readonly Archived[],
  { beforeStep, afterStep }: Hooks = {},
): Promise<void> {
  const listing = `list ${parseTable(options.table).rawPrefix}`;
  const old = await reader.read(lake);
  let told = archived.length;
  const stepped = steppedLake(lake, {
    beforeStep,
    afterStep: (index, name) => {
      if (name === listing) told = archived.length;
      return afterStep?.(index, name);
    },
  });
  const killed = await rebuild(stepped, options).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Killed) return true;
      throw error;
    },
  );
  const expected = naive(archived.slice(0, told));
  const found = await reader.read(lake);
  if (killed) expectOldOrNew(found, old, expected);
  else expect(found).to.deep.equal(expected);
}

/** Runs the ETL once more: there must be nothing to do. */
export async function expectUpToDate<Archived>(
  runs: Runs<Archived>,
  lake: MemoryLake,
  archived: readonly Archived[],
): Promise<void> {
  const writes = lake.journal.length;
  await runChecked(runs, lake, archived);
  expect(lake.journal.slice(writes), "written by a run that had nothing to do").to.deep.equal([]);
}

export function copyOf({ objects }: MemoryLake): MemoryLake {
  const copy = createMemoryLake();
  for (const [key, body] of objects) copy.objects.set(key, body);
  return copy;
}

function expectOldOrNew(found: Gold, old: Gold, expected: Gold): void {
  for (const day of new Set([...found.keys(), ...old.keys(), ...expected.keys()])) {
    const rows = found.get(day);
    if (!isSame(rows, old.get(day))) expect(rows, `${day} after a crash`).to.deep.equal(expected.get(day));
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
