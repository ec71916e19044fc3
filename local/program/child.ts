import { RunError, runtime } from "@pulumi/pulumi";
import type { Graph, Resource } from "../graph.ts";
import { LOCAL_ACCOUNT_ID } from "./computed-outputs.ts";
import { ProgramError, requireRegion } from "./project.ts";
import { recordProgram, sortByUrn } from "./recorder.ts";
import { importTypeScript, requireTypeScript } from "./typescript.ts";

/** The request of the parent process: one Pulumi program and one stack. */
export interface LoadRequest {
  readonly main: string;
  /** Runs the program as a CommonJS module, as Pulumi does with ts-node; otherwise Node.js strips the types. */
  readonly transpile?: boolean;
  /** Gives resources names like the provider's, with a suffix; otherwise they have their logical names. */
  readonly autonaming?: boolean;
  readonly project: string;
  readonly stack: string;
  /** `namespace:key` -> text, or JSON text for structured values. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Folder for unpacked function packages. */
  readonly packages: string;
}

/** The answer to the parent: the graph, or the error of the program. */
export type LoadAnswer =
  | { readonly graph: Graph }
  | {
      /** The stack is absent when the message is sufficient. */
      readonly error: { message: string; stack?: string };
    };

process.once("message", (request: LoadRequest) => {
  load(request).then((loaded) => {
    // A rejected input is reported only when the event loop is empty, so the answer waits until then.
    process.channel?.unref();
    answerWhenDone(loaded);
  }, fail);
});
// A resource that cannot be registered rejects promises that have no handler.
process.once("uncaughtException", fail);

/** A program may declare resources when it ends: Pulumi then combines the subscriptions of a bucket into one notification. */
function answerWhenDone(loaded: LoadAnswer): void {
  let seen = "graph" in loaded ? loaded.graph.resources.length : 0;
  let isFirst = true;
  process.on("beforeExit", () => {
    if ("error" in loaded || (!isFirst && loaded.graph.resources.length === seen)) return answer(loaded);
    isFirst = false;
    seen = loaded.graph.resources.length;
    setImmediate(() => {}); // causes another beforeExit
  });
}

function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  answer({ error: { message, ...(stack !== undefined && !isExpected(error) && { stack }) } });
}

/** Errors that are thrown on purpose have a sufficient message, as in Pulumi's runtime. */
function isExpected(error: unknown): boolean {
  return RunError.isInstance(error) || error instanceof ProgramError;
}

async function load({
  main,
  transpile = false,
  autonaming = false,
  project,
  stack,
  config,
  secretKeys,
  packages,
}: LoadRequest): Promise<LoadAnswer> {
  const region = requireRegion(config, stack);
  const account = { region, accountId: LOCAL_ACCOUNT_ID };
  runtime.setAllConfig(config, [...secretKeys]);
  const { resources, outputs } = await recordProgram({ project, stack, account, packages, autonaming }, () =>
    runProgram(main, transpile),
  );
  return { graph: { project, stack, ...account, resources, outputs } };
}

/** Runs the program and the function that its module may export: https://www.pulumi.com/docs/iac/languages-sdks/javascript/#entrypoint */
async function runProgram(main: string, transpile: boolean): Promise<unknown> {
  const program: unknown = transpile ? requireTypeScript(main) : await importTypeScript(main);
  const entry =
    typeof program === "object" && program !== null && "default" in program ? program.default : program;
  return typeof entry === "function" ? await entry() : program;
}

function answer(message: LoadAnswer): void {
  if (process.send === undefined) {
    throw new Error("Only load.ts runs this file, with an IPC channel");
  }
  if ("graph" in message) sortByUrn(message.graph.resources as Resource[]);
  process.send(message, () => process.exit());
}
