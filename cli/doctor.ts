import { fileURLToPath } from "node:url";
import { main } from "./doctor/main.ts";

// Lambda's clock is UTC; worker threads share the time zone of the process.
process.env.TZ = "UTC";

process.exitCode = await main(process.argv.slice(2), {
  projectDirectory: fileURLToPath(new URL("..", import.meta.url)),
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
