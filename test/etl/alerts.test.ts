import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { type RebuildOptions, rebuild } from "../../etl/rebuild.ts";
import { tableText } from "../../etl/table-definition.ts";
import { tableNamed } from "../../etl/tables.ts";
import { queryGold } from "./gold-rows.ts";
import { createMemoryLake, gzipLines, type MemoryLake } from "./memory-lake.ts";
import { transition, transitionKey, transitionLine } from "./transition-lines.ts";

const DAY = "2024-05-01";
const GOLD = `gold/alerts/day=${DAY}/alerts.parquet`;

describe("alerts, from archived transitions", () => {
  let options: RebuildOptions;
  let lake: MemoryLake;

  before(async () => {
    options = {
      sql: await readFile("etl/alerts.sql", "utf8"),
      table: tableText(tableNamed("alerts")),
    };
  });

  beforeEach(() => {
    lake = createMemoryLake();
  });

  function put(name: string, ...lines: string[]): void {
    lake.objects.set(transitionKey(`${DAY}T10`, name), gzipLines(lines));
  }

  it("have every column of a transition", async () => {
    put("a", transitionLine(transition()));

    const report = await rebuild(lake, options);

    expect(report).to.deep.include({ rebuilt: [DAY], linesIn: 1, rowsOut: 1, duplicates: 0, rejected: 0 });
    expect(await queryGold(lake, GOLD)).to.deep.equal([
      {
        transition: "porto-alegre/rain/2024-05-01T10:00:00Z/start",
        location: "porto-alegre",
        location_name: "Porto Alegre",
        latitude: -30.0536,
        longitude: -51.1747,
        occurred_at: "2024-05-01 10:00:00",
        started_at: "2024-05-01 10:00:00",
        hazard: "rain",
        kind: "start",
        level: "orange",
        metric: "rainIntensity",
        aggregate: "sum",
        duration: "24h",
        unit: null,
        value: 52.4,
        threshold: 50,
        below: "false",
        scale: "INMET",
      },
    ]);
  });

  it("are told once each, however often the batch was decided", async () => {
    const start = transition();
    const clear = transition({ id: "clear", kind: "clear", time: `${DAY}T10:30:00Z`, value: 3 });
    put("a", transitionLine(start), transitionLine(clear));
    put("b", transitionLine(clear), transitionLine(start));

    const report = await rebuild(lake, options);

    expect(report).to.include({ linesIn: 4, rowsOut: 2, duplicates: 2, rejected: 0 });
    const rows = await queryGold(lake, GOLD);
    expect(rows.map(({ transition }) => transition)).to.deep.equal([start.id, "clear"]);
  });

  it("are those of the latest object where two differ", async () => {
    put("b", transitionLine(transition({ value: 60 })));
    put("a", transitionLine(transition({ value: 50 })));

    await rebuild(lake, options);

    expect((await queryGold(lake, GOLD)).map(({ value }) => value)).to.deep.equal([60]);
  });

  it("take no line that lacks what names it, is of another day, or is torn", async () => {
    const good = transitionLine(transition());
    const without = (name: string) =>
      transitionLine({ ...transition({ id: `without ${name}` }), [name]: undefined });
    put(
      "a",
      good,
      ...["id", "hazard", "kind", "level", "time"].map(without),
      transitionLine(transition({ id: "no place" }), {}),
      transitionLine(transition({ id: "tomorrow", time: "2024-05-02T00:00:00Z" })),
      good.slice(0, 60),
    );

    const report = await rebuild(lake, options);

    expect(report).to.include({ linesIn: 9, rowsOut: 1, duplicates: 0, rejected: 8 });
  });

  it("know no aggregate of a single observation", async () => {
    const wind = transition({ id: "wind", measure: { metric: "windGust", unit: "km/h" }, below: true });
    put("a", transitionLine(wind));

    await rebuild(lake, options);

    const [row] = await queryGold(lake, GOLD);
    expect(row).to.include({
      metric: "windGust",
      aggregate: null,
      duration: null,
      unit: "km/h",
      below: "true",
    });
  });
});
