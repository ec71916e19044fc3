import * as z from "zod";
import { AwsError } from "../endpoint/error.ts";
import type { DecodedRequest, HttpRequest } from "../endpoint/http.ts";
import { invalidArgument, malformedXml } from "./errors.ts";
import { plainRequest } from "./rest-body.ts";
import { operationOf, REST_OPERATIONS, refuseUnknown } from "./rest-routes.ts";
import { parseXml } from "./xml.ts";

const USER_METADATA = "x-amz-meta-";

/**
 * Reads a request into the input of an operation.
 * @throws {AwsError} for what S3 cannot read; NotEmulated naming what the local run does not have.
 */
export function decodeRequest(request: HttpRequest): DecodedRequest {
  const { bucket, key } = addressOf(request.path);
  const operation = operationOf(request, key !== "");
  const plain = plainRequest(request);
  refuseUnknown(operation, plain);
  const input = {
    Bucket: bucket,
    ...(key === "" ? {} : { Key: key }),
    ...fieldsOf(operation, plain),
  };
  if (operation === "PutObject") {
    return { operation, input: { ...input, Body: plain.body, Metadata: userMetadata(plain.headers) } };
  }
  if (operation === "DeleteObjects")
    return { operation, input: { ...input, Delete: deleteList(plain.body) } };
  return { operation, input };
}

function addressOf(path: string): { bucket: string; key: string } {
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch (cause) {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.", { cause });
  }
}

function fieldsOf(operation: string, { query, headers }: HttpRequest): Record<string, string | number> {
  const known = REST_OPERATIONS[operation];
  const fields: Record<string, string | number> = {};
  for (const [name, field] of Object.entries(known?.query ?? {})) {
    const value = query.get(name);
    if (field !== "" && value !== null) fields[field] = field === "MaxKeys" ? maxKeysOf(value) : value;
  }
  for (const [name, field] of Object.entries(known?.headers ?? {})) {
    const value = headers[name];
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

function maxKeysOf(value: string): number {
  if (/^\d{1,10}$/.test(value)) return Number(value);
  throw invalidArgument(`max-keys is ${value}; allowed is an integer between 0 and 2147483647`);
}

function userMetadata(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(USER_METADATA))
      .map(([name, value]) => [name.slice(USER_METADATA.length), value]),
  );
}

// One <Object> parses as an object, several as an array.
const objectSchema = z.strictObject({ Key: z.string() });
const deleteSchema = z.object({
  Delete: z.object({
    Object: z.union([objectSchema.transform((object) => [object]), z.array(objectSchema)]),
    Quiet: z.enum(["true", "false"]).optional(),
  }),
});

function deleteList(body: Buffer): { Objects: { Key: string }[]; Quiet: boolean } {
  const parsed = deleteSchema.safeParse(parseXml(body.toString("utf8")));
  if (!parsed.success) throw malformedXml(parsed.error);
  return { Objects: parsed.data.Delete.Object, Quiet: parsed.data.Delete.Quiet === "true" };
}
