import { basename, join } from "node:path";
import { effectiveRules } from "../../config/rules.ts";
import { parseCommandLine, UsageError } from "../../local/command-line.ts";
import { ReplayError } from "../../replay/error.ts";
import type { Place } from "../../replay/location.ts";
import type { Reading } from "../../replay/measures.ts";
import { readReplay } from "../../replay/replay.ts";
import { DEFAULT_REPLAY } from "../start/feed.ts";
import { addCounts, countMessages, type MessageCounts, polledEvery } from "./count.ts";
import { markdownTable } from "./table.ts";

const HELP = `npm run message-counts -- [options] [FILE…]

How many messages recorded hourly figures make: one for each value over its threshold, when every reading is judged
alone by the four thresholds of the original project, and by the same thresholds as rules, preset "basic", which leave
the ends of alerts to the digest.
Without FILE: the flood of Porto Alegre, in data/.

  --every MINUTES   how often the figures are read, 1 to 60 and a divisor of 60; each holds for its hour (default: 60)
  --help            this text
`;

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Counts ask for no place: one stands for whatever the figures are of. */
const STATION: Place = { id: "station", name: "Station", latitude: 0, longitude: 0 };

/** `npm run message-counts`: prints a Markdown table. Returns the exit code: 0, or 2 for bad input. */
export async function main(
  argv: readonly string[],
  { projectDirectory, out, error }: Terminal,
): Promise<number> {
  try {
    const { values, positionals } = parse(argv);
    if (values.help) {
      out(HELP);
      return 0;
    }
    const every = parseMinutes(values.every ?? "60");
    const files = positionals.length > 0 ? positionals : [join(projectDirectory, DEFAULT_REPLAY)];
    out(await report(files, every));
    return 0;
  } catch (problem) {
    if (!(problem instanceof ReplayError || problem instanceof UsageError)) throw problem;
    error(`${problem.message}\n`);
    return 2;
  }
}

function parse(argv: readonly string[]) {
  return parseCommandLine(
    {
      args: [...argv],
      allowPositionals: true,
      options: { every: { type: "string" }, help: { type: "boolean" } },
    },
    "see npm run message-counts -- --help",
  );
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes >= 1 && 60 % minutes === 0) return minutes;
  throw new UsageError(`--every ${text} is not allowed: minutes that divide an hour, such as 60, 5 or 1`);
}

async function report(files: readonly string[], every: number): Promise<string> {
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
    ["file", "readings", "over a threshold", "told by the reading", "messages", "left to the digest"],
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
