import stringWidth from "string-width";

/** Between two columns. */
const GAP = "  ";
/** Characters that a column of text keeps when its words have to be broken, too. */
const NARROWEST = 5;

interface AlignedColumns {
  /** One for each line of cells; it has line breaks where cells do not fit into their columns. */
  readonly lines: string[];
  readonly widths: number[];
  /** Whether words had to be broken, or the lines are too long even so. */
  readonly isCramped: boolean;
}

/**
 * Lines of cells as columns of the same width: text to the left, the columns of `toRight` to the right. Where the columns
 * are wider than `width` together, the widest become narrower, and their cells continue on further lines.
 */
export function alignColumns(
  lines: readonly (readonly string[])[],
  toRight: readonly boolean[] = [],
  width = Number.POSITIVE_INFINITY,
): AlignedColumns {
  const columns = Math.max(...lines.map((line) => line.length));
  const widest = (pieces: (cell: string) => string[]) =>
    Array.from({ length: columns }, (_, column) =>
      Math.max(...lines.flatMap((line) => pieces(line[column] ?? "").map((piece) => stringWidth(piece)))),
    );
  const room = width - GAP.length * (columns - 1);
  const words = widest((cell) =>
    cell
      .split("\n")
      .flatMap(wordsOf)
      .map((word) => word.trimEnd()),
  );
  const narrowest = words.map((word, column) => (toRight[column] ? word : Math.min(word, NARROWEST)));
  const withoutBreaking = shrunk(
    widest((cell) => cell.split("\n")),
    words,
    room,
  );
  const widths = shrunk(withoutBreaking, narrowest, room);
  return {
    lines: lines.map((line) => lineOf(line, widths, toRight)),
    widths,
    isCramped: sum(withoutBreaking) > room,
  };
}

/**
 * Each row as lines of its own, the column's name before its value, for a table that is too wide for its words. Empty cells
 * are left out; a blank line parts the rows.
 */
export function blocksOf(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number,
): string[] {
  return rows.flatMap((row) => {
    const pairs = row.map((cell, column) => [names[column] ?? "", cell]).filter(([, cell]) => cell !== "");
    return [...alignColumns(pairs, [], width).lines, ""];
  });
}

/** The widest column loses a character until all fit or none can be narrower. */
function shrunk(widths: readonly number[], least: readonly number[], room: number): number[] {
  const result = [...widths];
  while (sum(result) > room) {
    const shrinkable = result.map((width, column) => (width > (least[column] ?? 0) ? width : 0));
    const widest = Math.max(...shrinkable);
    if (widest === 0) break;
    result[shrinkable.indexOf(widest)] = widest - 1;
  }
  return result;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function lineOf(cells: readonly string[], widths: readonly number[], toRight: readonly boolean[]): string {
  const wrapped = cells.map((cell, column) => wrap(cell, widths[column] ?? 0));
  const height = Math.max(1, ...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((parts, column) => {
        const part = parts[line] ?? "";
        const blank = " ".repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(part)));
        return toRight[column] ? `${blank}${part}` : `${part}${blank}`;
      })
      .join(GAP)
      .trimEnd(),
  ).join("\n");
}

/** A cell as lines that fit: broken after words, and inside of one that is too long itself. */
function wrap(cell: string, width: number): string[] {
  return cell.split("\n").flatMap((text) => {
    if (stringWidth(text) <= width) return [text];
    const lines: string[] = [];
    let current = "";
    for (const word of wordsOf(text)) {
      for (const piece of stringWidth(word.trimEnd()) <= width ? [word] : charactersOf(word)) {
        if (current !== "" && stringWidth(`${current}${piece}`.trimEnd()) > width) {
          lines.push(current.trimEnd());
          current = "";
        }
        current += piece;
      }
    }
    return [...lines, current.trimEnd()];
  });
}

/** Parts between which a line may end: after blanks and signs, but not within a number, a date or a time. */
function wordsOf(text: string): string[] {
  return text.split(/(?<=[\s_/|,;])(?=\S)|(?<=[-.:=])(?=\p{L})/u);
}

function charactersOf(text: string): string[] {
  return [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].map(
    ({ segment }) => segment,
  );
}
