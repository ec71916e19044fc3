import { fileURLToPath } from "node:url";
import { main } from "./query/main.ts";

const { stdout, stderr } = process;
process.exitCode = await main(process.argv.slice(2), {
  projectDirectory: fileURLToPath(new URL("..", import.meta.url)),
  out: (text) => stdout.write(text),
  error: (text) => stderr.write(text),
  now: () => new Date(),
  isWatched: stderr.isTTY,
  hasColors: stdout.isTTY && stdout.hasColors(), // knows NO_COLOR
  width: stdout.columns > 0 ? stdout.columns : 80, // some terminals say 0
  interruption() {
    const interrupt = new AbortController();
    process.once("SIGINT", () => interrupt.abort()); // a second one ends the program
    return interrupt.signal;
  },
});
