import { fileURLToPath } from "node:url";
import { main } from "./query/main.ts";

const queriesDirectory = fileURLToPath(new URL("../queries", import.meta.url));
process.exitCode = await main(process.argv.slice(2), queriesDirectory, {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
