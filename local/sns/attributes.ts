import * as z from "zod";
import { parseJson } from "../../lib/json.ts";
import { AwsError } from "../endpoint/error.ts";
import { blob } from "../endpoint/operation.ts";
import type { Value } from "./filter-condition.ts";
import type { FilterAttributes } from "./filter-policy.ts";
import { ATTRIBUTE_NAME_LIMIT_CHARACTERS } from "./limits.ts";

export const messageAttributeSchema = z.strictObject({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: blob().optional(),
});

type MessageAttribute = z.infer<typeof messageAttributeSchema>;
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** An attribute in the outbox: bytes in base64, an array as its elements. */
type FlatAttribute = string | number | string[];

const RESERVED_PREFIX = /^(aws|amazon)\./i;
const SERVICE_PREFIX = /^AWS\.(SNS\.(SMS|MOBILE)|MM\.SMS)\./;

/**
 * Checks names, types and values. https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 * @throws {AwsError} ParameterValueInvalid naming the attribute.
 */
export function checkAttributes(attributes: MessageAttributes): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    checkName(name);
    checkValue(name, attribute);
    checkSmsAttribute(name, attribute.StringValue ?? "");
  }
}

function checkName(name: string): void {
  if (name === "" || name.length > ATTRIBUTE_NAME_LIMIT_CHARACTERS) {
    throw invalidAttribute(
      `Length of message attribute name must be 1 to ${ATTRIBUTE_NAME_LIMIT_CHARACTERS} characters.`,
    );
  }
  if (!/^[\w.-]+$/.test(name)) {
    throw invalidAttribute(
      `Invalid non-alphanumeric character was found in the message attribute name '${name}'. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  }
  if (/^\.|\.$|\.\./.test(name)) {
    throw invalidAttribute(
      `Message attribute name '${name}' begins or ends with a dot or has successive ones.`,
    );
  }
  if (RESERVED_PREFIX.test(name) && !SERVICE_PREFIX.test(name)) {
    throw invalidAttribute(`Message attribute name '${name}' is reserved.`);
  }
}

function checkValue(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute): void {
  if (!/^(String|Number|Binary)(\..+)?$/.test(DataType)) {
    throw invalidAttribute(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const isBinary = DataType.startsWith("Binary");
  const value = isBinary ? BinaryValue : StringValue;
  if (value === undefined && (BinaryValue ?? StringValue) !== undefined) {
    throw invalidAttribute(
      `The message attribute '${name}' with type '${DataType}' must use field '${isBinary ? "Binary" : "String"}'.`,
    );
  }
  if (value === undefined || value.length === 0) {
    throw invalidAttribute(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  }
  if (DataType === "Number" && !isNumeric(String(value))) {
    throw invalidAttribute(`Could not cast message attribute '${name}' value to number.`);
  }
}

/** https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-topic.html; MaxPrice is in US dollars. */
const SMS_ATTRIBUTES: Readonly<Record<string, { pattern: RegExp; allowed: string }>> = {
  "AWS.SNS.SMS.SMSType": { pattern: /^(Promotional|Transactional)$/, allowed: "Promotional, Transactional" },
  "AWS.SNS.SMS.SenderID": {
    pattern: /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/,
    allowed: "1 to 11 letters and digits, one letter at least",
  },
  "AWS.SNS.SMS.MaxPrice": { pattern: /^\d+(\.\d+)?$/, allowed: "a price in US dollars" },
};

function checkSmsAttribute(name: string, value: string): void {
  const rule = SMS_ATTRIBUTES[name];
  if (rule === undefined || rule.pattern.test(value)) return;
  throw invalidParameter(
    `MessageAttributes Reason: ${name} is ${JSON.stringify(value)}; allowed: ${rule.allowed}`,
  );
}

/** The bytes of names, types and values, which count towards the size limit of a message. */
export function attributesSizeBytes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = "", BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    0,
  );
}

/** The attributes for filter policies, which ignore Binary attributes and a String.Array that is not a JSON array. */
export function filterAttributes(attributes: MessageAttributes): FilterAttributes {
  return new Map(
    Object.entries(attributes).flatMap(([name, attribute]) => {
      const values = valuesOf(attribute);
      return values === undefined ? [] : [[name, values] as const];
    }),
  );
}

function valuesOf({ DataType, StringValue = "" }: MessageAttribute): readonly Value[] | undefined {
  if (DataType.startsWith("Binary")) return undefined;
  if (DataType === "Number") return [Number(StringValue)];
  return DataType === "String.Array" ? parseArray(StringValue) : [StringValue];
}

export function flatten(attributes: MessageAttributes): Record<string, FlatAttribute> {
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, flat(attribute)]));
}

function flat(attribute: MessageAttribute): FlatAttribute {
  const { DataType, StringValue = "", BinaryValue } = attribute;
  if (BinaryValue !== undefined) return Buffer.from(BinaryValue).toString("base64");
  if (DataType === "Number") return Number(StringValue);
  const values = DataType === "String.Array" ? parseArray(StringValue) : undefined;
  return values?.map(String) ?? StringValue;
}

const arraySchema = z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** Undefined when the text is not a JSON array of plain values. SNS accepts such a text, and no filter policy matches it. */
function parseArray(text: string): readonly Value[] | undefined {
  return arraySchema.safeParse(parseJson(text)).data;
}

function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

/** A request whose parameter SNS rejects: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors */
export function invalidParameter(detail: string, cause?: unknown): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${detail}`, { cause });
}

function invalidAttribute(detail: string): AwsError {
  return new AwsError("ParameterValueInvalid", detail);
}
