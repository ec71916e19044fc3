import { resolve } from "node:path";
import { UserError } from "../lib/user-error.ts";
import { configStackOption, createCommand, type Invocation, jsonOption, parseTime } from "./command.ts";
import type { StartOptions } from "./start/options.ts";

export const start = (invocation: Invocation) =>
  createCommand("start", "here")
    .summary("run the whole program on this machine: no account, no Docker")
    .description(
      `Runs the whole program on this machine: no account, no Docker.

Exit code: 0 nothing was lost, 1 something failed or was lost (the summary says what) or no observation arrived, 2 bad input.`,
    )
    .addOption(configStackOption("local"))
    .option(
      "--replay <[location=]file>",
      "recorded values to feed it, repeatable: INMET's hourly CSV, or NDJSON of records, also packed with gzip; docs/replay.md shows both (default: the flood of Porto Alegre, 29 April to 5 May 2024)",
      (file: string, files: string[] = []) => [...files, file],
    )
    .option(
      "--live",
      "poll the real weather API in real time instead; end with Ctrl-C or --until. With TOMORROW_API_KEY in the environment it polls Tomorrow.io, else what the stack has a key for, else Open-Meteo",
      false,
    )
    .option(
      "--speed <factor>",
      "how fast the virtual clock runs: max, or a factor such as 60x or 1x (default: max)",
    )
    .option(
      "--until <time>",
      "when to stop, e.g. 2024-05-01T00:00:00Z (default: the last recorded reading)",
      (text) => parseTime("--until", text),
    )
    .option("--out <dir>", "where everything is kept", ".local")
    .option(
      "--keep",
      "continue from what DIR holds; without it the run in DIR is moved to DIR.previous, where one is kept",
      false,
    )
    .addOption(jsonOption)
    .action(async ({ replay = [], live, speed, until, out, ...rest }) => {
      if (live && replay.length > 0)
        throw new UserError(
          "--live and --replay exclude each other: the one polls the real API, the other feeds recorded values",
        );
      if (live && speed !== undefined && speed !== "1x")
        throw new UserError(`--speed ${speed} does not go with --live, which runs in real time`);
      const options: StartOptions = {
        ...rest,
        replay,
        live,
        speed: live ? 1 : parseSpeed(speed ?? "max"),
        ...(until !== undefined && { until }),
        // Absolute: the working directory itself may be the folder that is moved.
        out: resolve(out),
      };
      const { startHere } = await import("./start/here.ts");
      await startHere(options, invocation);
    });

function parseSpeed(text: string): "max" | number {
  const factor = /^(\d+(?:\.\d+)?)x$/.exec(text)?.[1];
  if (text !== "max" && (factor === undefined || Number(factor) <= 0)) {
    throw new UserError(`--speed ${text} is not allowed: max, or a factor such as 60x or 1x`);
  }
  return factor === undefined ? "max" : Number(factor);
}
