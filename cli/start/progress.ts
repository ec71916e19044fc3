import { styleText } from "node:util";
import type { Transition } from "../../handlers/weather/alerts/transition.ts";
import { counted } from "../../lib/counted.ts";
import type { Coverage } from "../../local/coverage.ts";
import type { Graph } from "../../local/graph.ts";
import type { Feed } from "./feed.ts";
import { alertLine, utc } from "./text.ts";

/** What a run prints while it runs, on standard error. */
export interface Progress {
  loaded(facts: {
    stack: string;
    graph: Graph;
    coverage: Coverage;
    feed: Feed | undefined;
    start: Date;
    until: Date | undefined;
  }): void;
  time(now: Date): void;
  alert(alert: Transition): void;
  /** A line of a live run: what a poll brought, or why it brought nothing. */
  poll(text: string): void;
  phase(text: string): void;
  end(): void;
}

/** @param options.quiet says only what a run leaves out */
export function createProgress(
  terminal: { log: (text: string) => void; isTerminal: boolean },
  { quiet }: { quiet: boolean },
): Progress {
  let status = "";

  /** A line that stays, above the one that is written over. */
  function line(text: string): void {
    terminal.log(`${status === "" ? "" : "\r\u001b[K"}${text}\n${status}`);
  }

  function setStatus(text: string): void {
    if (terminal.isTerminal && !quiet && text !== status) {
      terminal.log(`\r\u001b[K${text}`);
      status = text;
    }
  }

  return {
    loaded({ stack, graph, coverage, feed, start, until }) {
      if (coverage.unknown.length > 0) {
        line(`Not emulated, left out: ${coverage.unknown.join(", ")}`);
      }
      if (!quiet) {
        line(
          `Stack ${stack}: ${counted(graph.resources.length, "resource")}; ${describeFeed(feed, start, until)}`,
        );
        line(
          `Declared without effect here: ${coverage.inert.map((type) => type.split(":").at(-1)).join(", ")}`,
        );
      }
    },
    time: (now) => setStatus(styleText("dim", `  ${utc(now)}`)),
    alert(alert) {
      if (!quiet) {
        line(`  ${alertLine(alert)}`);
      }
    },
    poll(text) {
      if (!quiet) {
        line(`  ${text}`);
      }
    },
    phase(text) {
      setStatus("");
      if (!quiet) {
        line(text);
      }
    },
    end: () => setStatus(""),
  };
}

function describeFeed(feed: Feed | undefined, start: Date, until: Date | undefined): string {
  const span = `${utc(start)} to ${until === undefined ? "Ctrl-C" : utc(until)}`;
  if (feed === undefined) {
    return `live from ${span}`;
  }
  const readings = feed.readings.map(
    ({ location, readings: { length } }) => `${counted(length, "reading")} of ${location.name}`,
  );
  const records = feed.records.map(({ records: { length } }) => counted(length, "record"));
  return `${[...readings, ...records].join(", ")}, ${span}`;
}
