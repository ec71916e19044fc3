import { main, type Terminal } from "../../../cli/query/main.ts";

/** Runs `npm run query` in this process: 80 columns without colours, unless `terminal` says otherwise. */
export async function runQuery(argv: readonly string[], terminal: Partial<Terminal> = {}) {
  const said = { out: "", error: "" };
  const code = await main(argv, {
    projectDirectory: process.cwd(),
    out: (text) => {
      said.out += text;
    },
    error: (text) => {
      said.error += text;
    },
    now: () => new Date("2024-05-03T12:00:00Z"),
    isWatched: false,
    hasColors: false,
    width: 80,
    interruption: () => new AbortController().signal,
    ...terminal,
  });
  return { code, ...said };
}
