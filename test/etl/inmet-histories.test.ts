import { expect } from "chai";
import { type RebuildOptions, rebuild } from "../../etl/rebuild.ts";
import { INMET_FILES, type Reading, readingsOrSkip } from "../handlers/support/inmet.ts";
import { portoAlegre } from "../handlers/support/places.ts";
import { deliverAll, disorder, inOrder } from "./histories/disorder.ts";
import { createGoldReader, type GoldReader } from "./histories/gold-reader.ts";
import { figuresOf, placeOf } from "./histories/inmet-gold.ts";
import { naiveGold } from "./histories/naive-gold.ts";
import { optionsOf } from "./histories/options.ts";
import { createMemoryLake } from "./memory-lake.ts";

/** Ways to deliver the figures, as many places in one lake: that costs a fifth of as many lakes. */
const SEEDS = Array.from({ length: 50 }, (_, index) => index + 1);

describe("gold of INMET's figures", () => {
  let readings: readonly Reading[];
  let options: RebuildOptions;
  let reader: GoldReader;

  before(async function () {
    readings = INMET_FILES.flatMap((file) => readingsOrSkip(file, this));
    options = await optionsOf("observations");
    reader = await createGoldReader("observations");
  });
  after(() => reader?.close());

  it(`is the same in ${SEEDS.length} random orders, with duplicates, corrections and 5 % late`, async function () {
    this.timeout(0);
    const ordered = createMemoryLake();
    await deliverAll(ordered, inOrder(readings, portoAlegre));
    await rebuild(ordered, options);
    const expected = figuresOf(await reader.read(ordered), portoAlegre.id);
    expect(expected).to.have.length(readings.length);

    const lake = createMemoryLake();
    const { prompt, late } = disorder(readings, SEEDS, placeOf);
    await deliverAll(lake, prompt);
    await rebuild(lake, options);
    await deliverAll(lake, late);
    const { rebuilt } = await rebuild(lake, options);

    const gold = await reader.read(lake);
    for (const seed of SEEDS) {
      const { id } = placeOf(seed);
      expect(figuresOf(gold, id), `seed ${seed}`).to.deep.equal(expected);
    }
    expect(gold).to.deep.equal(naiveGold([...prompt, ...late].flat()));
    expect(rebuilt, "days that late records belong to").to.deep.equal(daysOf(late.flat()));
  });
});

function daysOf(arrivals: readonly { readonly observation?: { readonly time: string } }[]): string[] {
  return [...new Set(arrivals.map(({ observation }) => observation?.time.slice(0, 10) ?? ""))].sort();
}
