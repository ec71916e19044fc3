import * as z from "zod";
import {
  attributesSizeBytes,
  checkAttributes,
  invalidParameter,
  type MessageAttributes,
  messageAttributeSchema,
} from "./attributes.ts";
import { MESSAGE_LIMIT_BYTES, SUBJECT_LIMIT_CHARACTERS } from "./limits.ts";

/** The common fields of Publish and an entry of PublishBatch. */
export const messageFields = {
  Message: z.string(),
  Subject: z.string().optional(),
  MessageStructure: z.string().optional(),
  MessageAttributes: z.record(z.string(), messageAttributeSchema).optional(),
};

const messageSchema = z.object(messageFields);
type MessageFields = z.infer<typeof messageSchema>;

/** A valid message. */
export interface Message {
  readonly subject?: string;
  readonly attributes: MessageAttributes;
  readonly sizeBytes: number;
  /** The text for subscribers of a protocol: `sms`, `email`, `lambda`, … */
  textFor(protocol: string): string;
}

/**
 * Checks a message as SNS does, with the same errors. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * @throws {AwsError} InvalidParameter, ParameterValueInvalid.
 */
export function parseMessage(fields: MessageFields): Message {
  const { Message: text, Subject: subject, MessageStructure, MessageAttributes: attributes = {} } = fields;
  if (text === "") throw invalidParameter("Empty message");
  if (subject !== undefined) checkSubject(subject);
  checkAttributes(attributes);
  const sizeBytes = Buffer.byteLength(text) + attributesSizeBytes(attributes);
  if (sizeBytes > MESSAGE_LIMIT_BYTES) throw invalidParameter("Message too long");
  const texts = MessageStructure === undefined ? undefined : parseStructure(MessageStructure, text);
  return {
    ...(subject === undefined ? {} : { subject }),
    attributes,
    sizeBytes,
    textFor: (protocol) => texts?.get(protocol) ?? texts?.get("default") ?? text,
  };
}

/**
 * A subject is ASCII with less than 100 characters, begins with a letter, digit or punctuation mark, and has no control
 * characters such as line breaks.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
function checkSubject(subject: string): void {
  if (subject.length < SUBJECT_LIMIT_CHARACTERS && /^[!-~][ -~]*$/.test(subject)) return;
  throw invalidParameter("Subject");
}

function parseStructure(structure: string, text: string): ReadonlyMap<string, string> {
  if (structure !== "json") throw invalidParameter(`MessageStructure Reason: ${structure} is not json`);
  const texts = parseTexts(text);
  if (!texts.has("default")) {
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  }
  return texts;
}

function parseTexts(text: string): ReadonlyMap<string, string> {
  try {
    return new Map(Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(text))));
  } catch (cause) {
    throw invalidParameter("Message Structure - JSON message body failed to parse", cause);
  }
}
