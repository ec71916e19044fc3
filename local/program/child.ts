import { RunError, runtime } from "@pulumi/pulumi";
import type { Graph, Resource } from "../graph.ts";
import { LOCAL_ACCOUNT_ID } from "./computed-outputs.ts";
import { ProgramError } from "./error.ts";
import { requireRegion } from "./project.ts";
import { recordProgram, sortByUrn } from "./recorder.ts";
import { importTypeScript, requireTypeScript } from "./typescript.ts";

/** What the parent asks of this process: one Pulumi program, one stack. */
export interface LoadRequest {
  readonly main: string;
  /** Runs the program as ts-node runs it for Pulumi, a CommonJS module; otherwise Node.js strips the types. */
  readonly transpile?: boolean;
  /** Gives resources the names that the provider would; otherwise their logical names. */
  readonly autonaming?: boolean;
  readonly project: string;
  readonly stack: string;
  /** `namespace:key` -> text, or JSON text for structured values. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Folder for unpacked function packages. */
  readonly packages: string;
}

/** What comes back: the graph, or what the program threw. */
export type LoadAnswer =
  | { readonly graph: Graph }
  | {
      /** Without a stack: the message is enough. */
      readonly error: { message: string; stack?: string };
    };

process.once("message", (request: LoadRequest) => {
  load(request).then((loaded) => {
    // A rejected input shows only once nothing is left to do, so the answer waits until then.
    process.channel?.unref();
    answerWhenDone(loaded);
  }, fail);
});
// A resource that cannot be registered rejects promises that nobody holds.
process.once("uncaughtException", fail);

/** A program may declare more when it is at its end: the subscriptions of a bucket become one notification then. */
function answerWhenDone(loaded: LoadAnswer): void {
  let seen = "graph" in loaded ? loaded.graph.resources.length : 0;
  let isFirst = true;
  process.on("beforeExit", () => {
    if ("error" in loaded || (!isFirst && loaded.graph.resources.length === seen)) return answer(loaded);
    isFirst = false;
    seen = loaded.graph.resources.length;
    setImmediate(() => {}); // then it comes here again
  });
}

function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  answer({ error: { message, ...(stack !== undefined && !isExpected(error) && { stack }) } });
}

/** As Pulumi's own runtime does: what is thrown on purpose has a message that is enough. */
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

/** Runs the program and, where its module exports a function, that too: https://www.pulumi.com/docs/iac/languages-sdks/javascript/#entrypoint */
async function runProgram(main: string, transpile: boolean): Promise<unknown> {
  const program: unknown = transpile ? requireTypeScript(main) : await importTypeScript(main);
  const entry =
    typeof program === "object" && program !== null && "default" in program ? program.default : program;
  return typeof entry === "function" ? await entry() : program;
}

function answer(message: LoadAnswer): void {
  if (process.send === undefined) {
    throw new Error("This file is run by load.ts, over a channel of its own");
  }
  if ("graph" in message) sortByUrn(message.graph.resources as Resource[]);
  process.send(message, () => process.exit());
}
