import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
} from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";

const messageSchema = z.object({
  time: z.iso.datetime(),
  protocol: z.enum(["sms", "email"]),
  endpoint: z.string(),
  subject: z.string().optional(),
  message: z.string(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
});

/** A message that was sent to a phone or mailbox. The time is virtual. */
export type OutboxMessage = Readonly<z.infer<typeof messageSchema>>;

/** The messages that were sent to phones and mailboxes, in an append-only file with one JSON object per line. */
export interface Outbox {
  /** The messages in the order of delivery, starting with those of earlier runs. */
  readonly messages: readonly OutboxMessage[];
  append(message: OutboxMessage): void;
  close(): void;
}

/**
 * Opens or creates the outbox at `path`. An incomplete last line, which a crash leaves, is removed.
 * @throws {Error} naming an earlier line that is not a message.
 */
export function openOutbox(path: string): Outbox {
  mkdirSync(dirname(path), { recursive: true });
  const messages = repairedMessages(path);
  const file = openSync(path, "a");
  return {
    messages,
    append(message) {
      appendFileSync(file, `${JSON.stringify(message)}\n`);
      messages.push(message);
    },
    close: () => closeSync(file),
  };
}

function repairedMessages(path: string): OutboxMessage[] {
  if (!existsSync(path)) return [];
  const content = readFileSync(path);
  const whole = content.subarray(0, content.lastIndexOf("\n") + 1);
  if (whole.length < content.length) truncateSync(path, whole.length);
  const lines = whole.toString("utf8").split("\n").slice(0, -1);
  return lines.map((line, index) => parseLine(line, `${path}:${index + 1}`));
}

function parseLine(line: string, position: string): OutboxMessage {
  try {
    return messageSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`${position} is not a message of the outbox`, { cause });
  }
}
