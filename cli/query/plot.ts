import { styleText } from "node:util";
import { type LineFormatterArgs, type Point, plot } from "simple-ascii-chart";
import type { QueryResult } from "../../local/athena/result.ts";
import type { QueryColumn, SavedQuery } from "../../queries/saved-queries.ts";
import { formatHeading } from "./format.ts";
import { timeColumn, valueColumns } from "./plot-columns.ts";
import { monthTicks, type Ticks, timeTicks, valueTicks } from "./ticks.ts";

export interface PlotOptions {
  /** Columns of the result to draw; none: the first column of values and those of the same unit. */
  readonly columns: readonly string[];
  /** Characters in a line. */
  readonly width: number;
  readonly hasColors: boolean;
}

/** One line of a chart; a time without a value is a gap in it. */
interface Series {
  readonly name: string;
  readonly points: readonly { readonly time: number; readonly value: number | undefined }[];
}

/** Rows of the terminal between the axes. */
const HEIGHT = 14;
const LEAST_WIDTH = 20;
/** Characters of the axis and its arrow beside values and labels. */
const AXIS_WIDTH = 4;
/** Characters for a tick in time with its label. */
const TICK_WIDTH = 16;
/** Characters of a label in time that lie right of the values' axis. */
const LABEL_SHIFT = 2;
/** How the library draws a single series. */
const LINE = "━";

/** One symbol a series, since colours may be missing. */
const SYMBOLS = ["●", "○", "+", "×", "▲", "◆", "□", "*"] as const;
const COLORS = ["cyan", "yellow", "magenta", "green", "red", "blue"] as const;

/** The column of a result that names the location; each location has series of its own. */
const LOCATION_COLUMN = "location";

/** The result as charts over time, one for each unit. The query must be plottable. */
export function formatPlot(query: SavedQuery, result: QueryResult, options: PlotOptions): string {
  const time = timeColumn(query);
  if (time === undefined) throw new TypeError(`${query.name} has no column of times`);
  const timeIndex = result.columns.findIndex(({ name }) => name === time.name);
  const isMonthly = result.rows.every((row) => /^\d{4}-\d\d$/.test(String(row[timeIndex])));
  const xTicks = isMonthly ? monthTicks : timeTicks;
  const charts = byUnit(chosenColumns(query, options.columns)).map((columns) => {
    const series = seriesOf(result, time.name, columns).filter(isDrawn);
    const unit = time.unit === undefined ? "" : ` (${time.unit})`;
    const heading = [columns[0]?.unit, `by ${time.name}${unit}`].filter(Boolean).join(", ");
    return [heading, "", ...(series.length > 0 ? chart(series, xTicks, options) : ["no values"]), ""];
  });
  return `${formatHeading(query)}${charts.flat().join("\n")}`;
}

function chosenColumns(query: SavedQuery, names: readonly string[]): readonly QueryColumn[] {
  const columns = valueColumns(query);
  return names.length > 0
    ? columns.filter(({ name }) => names.includes(name))
    : columns.filter(({ unit }) => unit === columns[0]?.unit);
}

function byUnit(columns: readonly QueryColumn[]): QueryColumn[][] {
  return [...Map.groupBy(columns, ({ unit }) => unit).values()];
}

/** One for each location and column, named after what differs. */
function seriesOf({ columns, rows }: QueryResult, time: string, drawn: readonly QueryColumn[]): Series[] {
  const indexOf = (name: string) => columns.findIndex((column) => column.name === name);
  const locations = Map.groupBy(rows, (row) => String(row[indexOf(LOCATION_COLUMN)] ?? ""));
  return [...locations].flatMap(([location, ofLocation]) =>
    drawn.map(({ name: column }) => {
      const names = [
        ...(locations.size > 1 ? [location] : []),
        ...(drawn.length > 1 || locations.size === 1 ? [column] : []),
      ];
      const points = ofLocation.flatMap((row) => {
        const at = timeOf(row[indexOf(time)]);
        const value = row[indexOf(column)];
        return at === undefined ? [] : [{ time: at, value: typeof value === "number" ? value : undefined }];
      });
      return { name: names.join(" "), points: points.sort((a, b) => a.time - b.time) };
    }),
  );
}

/** Milliseconds of `2024-04`, `2024-04-30` or `2024-04-30 11:00:00.000`, local times as if they were UTC. */
function timeOf(cell: unknown): number | undefined {
  const [, date, clock] =
    /^(\d{4}-\d\d(?:-\d\d)?)(?: (\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?/.exec(String(cell)) ?? [];
  if (date === undefined) return undefined;
  return Date.parse(clock === undefined ? date : `${date}T${clock}Z`);
}

function isDrawn({ points }: Series): boolean {
  return points.some(({ value }) => value !== undefined);
}

function chart(
  series: readonly Series[],
  xTicks: (times: readonly number[], count: number) => Ticks,
  { width, hasColors }: PlotOptions,
): string[] {
  const symbols = series.map((_, index) => symbolOf(index, hasColors));
  const lines = series.flatMap((each, index) =>
    segments(each).map((points) => ({ points, symbol: symbols[index] ?? "" })),
  );
  const [times, values] = [0, 1].map((axis) =>
    lines.flatMap(({ points }) => points.map((point) => point[axis] ?? 0)),
  );
  const y = valueTicks(values ?? [], HEIGHT / 3);
  const x = xTicks(times ?? [], width / TICK_WIDTH);
  // The first label in time is centred below the axis, and so moves it to the right.
  const labels = [...y.values.map(y.format), ...x.values.map((value) => x.format(value).slice(LABEL_SHIFT))];
  const margin = Math.max(...labels.map((label) => label.length)) + AXIS_WIDTH;
  const plotWidth = Math.max(LEAST_WIDTH, width - margin);
  const drawing = plot(
    lines.map(({ points }) => points),
    {
      width: plotWidth,
      height: HEIGHT,
      yRange: [y.values[0] ?? 0, y.values.at(-1) ?? 0],
      customXAxisTicks: [...x.values],
      customYAxisTicks: [...y.values],
      formatter: (value, { axis }) => (axis === "x" ? x : y).format(value),
      ...(series.length > 1 && { lineFormatter: drawSymbols(lines) }),
    },
  );
  const legend = series.map(({ name }, index) => `${series.length > 1 ? symbols[index] : LINE} ${name}`);
  const rows = drawing.split("\n").map((row) => row.trimEnd());
  return [legend.join("  "), ...rows.filter((row) => row !== "")];
}

/** The parts of a series between its gaps: the library cannot draw an absent value, and would join what is around it. */
function segments({ points }: Series): Point[][] {
  const found: Point[][] = [[]];
  for (const { time, value } of points) {
    if (value === undefined) found.push([]);
    else found.at(-1)?.push([time, value]);
  }
  return found.filter((segment) => segment.length > 0);
}

function symbolOf(index: number, hasColors: boolean): string {
  const symbol = SYMBOLS[index % SYMBOLS.length] ?? "";
  const color = COLORS[index % COLORS.length] ?? "cyan";
  return hasColors ? styleText(color, symbol, { validateStream: false }) : symbol;
}

/** The library draws line after line and passes the number of the point, but not of the line. */
function drawSymbols(lines: readonly { readonly symbol: string }[]) {
  let line = -1;
  return ({ index, plotX, plotY }: LineFormatterArgs) => {
    if (index === 0) line += 1;
    return { x: plotX, y: plotY, symbol: lines[line]?.symbol ?? "" };
  };
}
