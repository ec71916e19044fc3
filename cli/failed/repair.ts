import { readFile } from "node:fs/promises";
import { archiveLine } from "../../handlers/clients/archive-line.ts";
import { toStreamRecord } from "../../handlers/clients/stream-record.ts";
import { UserError } from "../../lib/user-error.ts";
import type { WritableStore } from "../stack/stack.ts";
import { isRejected } from "./entries.ts";
import { eventOf, parseRecord } from "./rejected-record.ts";

/**
 * Puts the bytes of `file` beside those of a rejected record, in place of an earlier repair.
 *
 * @throws {UserError} when the record does not exist, or the archive would reject these bytes, too
 */
export async function repair(key: string, file: string, store: WritableStore): Promise<void> {
  const repaired = await readRepair(file);
  const text = isRejected(key) ? await store.read(key) : undefined;
  if (text === undefined)
    throw new UserError(`${key} is not a rejected record; npx stormwire failed --details lists them`);
  const record = parseRecord(text);
  if (typeof record === "string") throw new UserError(`${key}: ${record}`);
  const mended = { ...record, repaired };
  for (const one of eventOf(mended).Records) {
    const line = archiveLine(toStreamRecord(one));
    if (!line.ok) throw new UserError(`${file} would be rejected, too: ${line.reason}: ${line.detail}`);
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
