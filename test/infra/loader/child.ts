/**
 * Records the graphs of many configs of one program, one after the other. Modules stay loaded, and callbacks are not
 * bundled: a graph costs a third of what local/program/child.ts needs for one in a process of its own.
 */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { runtime } from "@pulumi/pulumi";
import type { LoadAnswer, LoadRequest } from "../../../local/program/child.ts";
import { LOCAL_ACCOUNT_ID } from "../../../local/program/computed-outputs.ts";
import { recordProgram } from "../../../local/program/recorder.ts";

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "esbuild"
      ? { url: new URL("esbuild-stub.ts", import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});

delete process.env.STORMWIRE_BUNDLES; // what the stand-in hands back is no bundle, and none that another test may get
Error.stackTraceLimit = 0;
let loads = 0;
process.on("message", (request: LoadRequest) => {
  load(request).then(answer, fail);
});
process.on("disconnect", () => process.exit());
// A resource that cannot be registered rejects promises that nobody holds.
process.on("uncaughtException", fail);

async function load({
  main,
  project,
  stack,
  config,
  secretKeys,
  packages,
}: LoadRequest): Promise<LoadAnswer> {
  const account = { region: config["aws:region"] ?? "", accountId: LOCAL_ACCOUNT_ID };
  runtime.setAllConfig({ ...config }, [...secretKeys]);
  // A module of another query is another module: the main file runs again, and what it imports stays.
  const { resources, outputs } = await recordProgram(
    { project, stack, account, packages },
    () => import(`${pathToFileURL(main).href}?load=${loads++}`),
  );
  return { graph: { project, stack, ...account, resources, outputs } };
}

function fail(error: unknown): void {
  const { message } = error instanceof Error ? error : new Error(String(error));
  answer({ error: { message } });
}

function answer(message: LoadAnswer): void {
  process.send?.(message);
}
