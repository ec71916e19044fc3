import { Command, Option } from "@commander-js/extra-typings";
// By function: the index alone takes a second to load.
import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";
import { UserError } from "../lib/user-error.ts";

/** What a command reads and writes, so that a test can stand in for a real terminal. */
export interface Terminal {
  readonly projectDirectory: string;
  /** Standard output: the result, and nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: progress, warnings and errors. */
  readonly error: (text: string) => void;
  readonly now: () => Date;
  /** Whether a line of standard error may be overwritten. */
  readonly isWatched: boolean;
  /** Whether standard output shows colours. */
  readonly hasColors: boolean;
  /** Columns of standard output. */
  readonly width: number;
  /** From now on Ctrl-C aborts this signal instead of ending the program. */
  readonly interruption: () => AbortSignal;
}

/** One run of a command line. */
export interface Invocation extends Terminal {
  /** Sets the exit code: 1 something failed or needs action, 2 bad input. A command that does not call it ends with 0. */
  readonly exit: (code: number) => void;
}

/** Headings of the list of commands, by what a person wants to do. */
export const GROUPS = {
  here: "Run it on this machine:",
  deploy: "Before a deployment:",
  operate: "Operate a stack:",
  data: "Ask the data:",
  project: "Work on the project:",
} as const;

/** A command under its heading. Its action loads what is heavy, so that help and a misspelled option are answered at once. */
export function createCommand(name: string, group: keyof typeof GROUPS) {
  return new Command(name).helpGroup(GROUPS[group]);
}

export const jsonOption = new Option(
  "--json",
  "print JSON on standard output, and nothing else there",
).default(false);

/** Of commands that read the config file of a stack. */
export const configStackOption = (stack: string) =>
  new Option("--stack <name>", "the stack whose Pulumi.NAME.yaml is read").default(stack);

/** Of commands that look at a stack: the last local run, or one that is deployed. */
export const stackOption = new Option(
  "--stack <name>",
  "the stack to look at: `local` is the last local run, any other is on AWS",
);

export const outOption = new Option(
  "--out <dir>",
  "the local run in this folder, of any stack (default: .local, unless --stack names a stack on AWS)",
);

/** A point in time of the command line. */
export function parseTime(option: string, text: string): Date {
  const time = parseISO(text);
  if (isValid(time)) return time;
  throw new UserError(
    `${option} ${text} is not allowed: an ISO 8601 date and time, e.g. 2024-05-01T00:00:00Z`,
  );
}
