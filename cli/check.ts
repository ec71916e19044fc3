import { fileURLToPath } from "node:url";
import { main } from "./check/main.ts";

process.exitCode = await main(process.argv.slice(2), fileURLToPath(new URL("..", import.meta.url)), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
