import { parseCommandLine, parseTime, UsageError } from "../../local/command-line.ts";

export interface StartOptions {
  readonly stack: string;
  /** `[LOCATION=]FILE`, in the order given; empty: the recorded flood. */
  readonly replay: readonly string[];
  readonly live: boolean;
  /** Virtual seconds a real second, or as fast as it goes. */
  readonly speed: "max" | number;
  readonly until?: Date;
  readonly out: string;
  readonly keep: boolean;
  readonly json: boolean;
}

export const HELP = `npm start -- [options]     run the whole program on this machine: no account, no Docker

  --stack NAME               stack whose Pulumi.NAME.yaml to use (default: local)
  --replay [LOCATION=]FILE   recorded values to feed it, repeatable: INMET's hourly CSV, or NDJSON of records, also packed
                             with gzip; docs/replay.md shows both (default: the flood of Porto Alegre, 29 April to 5 May 2024)
  --live                     poll the real weather API in real time instead; end with Ctrl-C or --until. With
                             TOMORROW_API_KEY in the environment it polls Tomorrow.io, else what the stack has a key for,
                             else Open-Meteo
  --speed max|60x|1x         how fast the virtual clock runs (default: max)
  --until ISO                when to stop, e.g. 2024-05-01T00:00:00Z (default: the last recorded reading)
  --out DIR                  where everything is kept (default: .local)
  --keep                     go on from what DIR holds; without it the run in DIR is moved to DIR.previous, where one
                             is kept
  --json                     print summary.json on standard output, and nothing else there (npm adds its own two
                             lines unless called as npm start --silent -- --json)
  --help                     this text

Exit code: 0 nothing was lost, 1 something failed or was lost (the summary says what) or no observation arrived,
2 bad input.`;

/** Reads the command line of `npm start`. Returns undefined for `--help`. Throws {@link UsageError}. */
export function parseOptions(argv: readonly string[]): StartOptions | undefined {
  const values = parse(argv);
  if (values.help) {
    return undefined;
  }
  if (values.live && values.replay !== undefined) {
    throw new UsageError(
      "--live and --replay exclude each other: the one polls the real API, the other feeds recorded figures",
    );
  }
  if (values.live && values.speed !== undefined && values.speed !== "1x") {
    throw new UsageError(`--speed ${values.speed} does not go with --live, which runs in real time`);
  }
  return {
    stack: values.stack ?? "local",
    replay: values.replay ?? [],
    live: values.live ?? false,
    speed: values.live ? 1 : parseSpeed(values.speed ?? "max"),
    ...(values.until !== undefined && { until: parseTime("--until", values.until) }),
    out: values.out ?? ".local",
    keep: values.keep ?? false,
    json: values.json ?? false,
  };
}

function parse(argv: readonly string[]) {
  return parseCommandLine(
    {
      args: [...argv],
      options: {
        stack: { type: "string" },
        replay: { type: "string", multiple: true },
        live: { type: "boolean" },
        speed: { type: "string" },
        until: { type: "string" },
        out: { type: "string" },
        keep: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    },
    "see npm start -- --help",
  ).values;
}

function parseSpeed(text: string): "max" | number {
  const factor = /^(\d+(?:\.\d+)?)x$/.exec(text)?.[1];
  if (text !== "max" && (factor === undefined || Number(factor) <= 0)) {
    throw new UsageError(`--speed ${text} is not allowed: max, or a factor such as 60x or 1x`);
  }
  return factor === undefined ? "max" : Number(factor);
}
