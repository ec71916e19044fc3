import { readFile } from "node:fs/promises";
import { archiveLine } from "../../handlers/clients/archive-line.ts";
import { toStreamRecord } from "../../handlers/clients/stream-record.ts";
import { UserError } from "../../lib/user-error.ts";
import type { WritableStore } from "../stack/stack.ts";
import { eventOf, parseContent } from "./record.ts";

/**
 * Puts the bytes of `file` beside those of a record, in place of an earlier repair.
 *
 * @throws {UserError} when there is no such record, or the archive would not take these bytes either
 */
export async function repair(key: string, file: string, store: WritableStore): Promise<void> {
  const repaired = await readRepair(file);
  const text = await store.read(key);
  if (text === undefined)
    throw new UserError(`${key} is not in quarantine; see npm run quarantine -- --reason R`);
  const { record, problem } = parseContent(text);
  if (record === undefined) throw new UserError(`${key}: ${problem}`);
  const mended = { ...record, repaired };
  for (const one of eventOf(mended).Records) {
    const line = archiveLine(toStreamRecord(one));
    if (!line.ok) throw new UserError(`${file} is not archived either: ${line.reason}: ${line.detail}`);
  }
  await store.write(key, JSON.stringify(mended));
}

async function readRepair(file: string): Promise<string> {
  try {
    return await readFile(file, "base64");
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
