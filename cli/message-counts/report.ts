import { basename } from "node:path";
import { effectiveRules } from "../../config/rules.ts";
import { ReplayError } from "../../replay/error.ts";
import type { ReplayLocation } from "../../replay/location.ts";
import type { Reading } from "../../replay/measures.ts";
import { readReplay } from "../../replay/replay.ts";
import { addCounts, countMessages, type MessageCounts, polledEvery } from "./count.ts";

/** The counts need a location only by name: this one stands for wherever the values were measured. */
const STATION: ReplayLocation = { id: "station", name: "Station", latitude: 0, longitude: 0 };

/** A Markdown table of the messages that recorded values cause, by the reading and by rules. */
export async function report(files: readonly string[], every: number): Promise<string> {
  const rules = effectiveRules({
    preset: "basic",
    hazards: [],
    off: [],
    yellow: "message",
    doubtful: "send",
  });
  const counts: [string, MessageCounts][] = [];
  for (const file of files) {
    const readings = polledEvery(every, await readHourly(file));
    counts.push([basename(file), countMessages(readings, STATION, rules)]);
  }
  const together = addCounts(counts.map(([, each]) => each));
  const rows = counts.length > 1 ? [...counts, ["together", together] as const] : counts;
  return markdownTable(
    ["file", "readings", "over a threshold", "messages by the reading", "messages by rules", "digest-only"],
    rows.map(([name, { readings, over, byTheReading, messages, inDigest }]) => [
      name,
      ...[readings, over, byTheReading, messages, inDigest].map(String),
    ]),
  );
}

async function readHourly(file: string): Promise<readonly Reading[]> {
  const replay = await readReplay(file, { locations: [STATION] });
  if (replay.kind === "readings") return replay.readings;
  const problem = "holds records; allowed are figures: INMET's hourly CSV, or a file as in data/";
  throw new ReplayError({ file, problem });
}

/** A Markdown table that reads well as plain text, too: the first column to the left, figures to the right. */
function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => `${"-".repeat(width - 1)}${column === 0 ? "-" : ":"}`);
  return `${[titles, rule, ...rows].map(line).join("\n")}\n`;
}
