import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../lib/user-error.ts";

const recordSchema = z.object({
  stack: z.string(),
  outputs: z.object({ bucket: z.string(), topicArn: z.string() }),
});

type RunOutputs = Readonly<z.infer<typeof recordSchema>["outputs"]>;

/**
 * What a local run recorded of its stack: the outputs that every command needs.
 *
 * @throws {UserError} when the folder holds no run, or the run of another stack
 */
export async function readRunRecord(directory: string, stack: string): Promise<RunOutputs> {
  const record = recordSchema.parse(await readRunFile(directory, "stack.json"));
  if (record.stack !== stack)
    throw new UserError(`${directory} holds a run of stack "${record.stack}", not of "${stack}"`);
  return record.outputs;
}

/**
 * JSON of a file in the folder of a local run.
 *
 * @throws {UserError} when the file does not exist, as in a folder without a run
 */
export async function readRunFile(directory: string, ...path: readonly string[]): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(directory, ...path), "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new UserError(
      `no local run in ${directory} yet: run "npm start" first, or name its folder with --out`,
      { cause },
    );
  }
}
