import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation, type Permission } from "../../endpoint/operation.ts";
import { checkRead } from "../conditions.ts";
import {
  checksumFields,
  describeObject,
  keyPermissions,
  missingObject,
  objectPermission,
  type S3Context,
} from "../context.ts";
import { notFound } from "../errors.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObject(context: S3Context): Operation {
  return defineOperation({
    input: readInputSchema,
    permissions: (input: ReadInput) => readPermissions(context, input),
    run(input: ReadInput, { principal }) {
      const bucket = context.bucket(input.Bucket);
      const entry = bucket.objects.get(input.Key);
      if (entry === undefined) throw missingObject(context, principal, bucket, input.Key);
      checkRead(entry.etag, { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch });
      const range = input.Range === undefined ? undefined : parseRange(input.Range, entry.sizeBytes);
      const body = bucket.objects.read(entry);
      if (range !== undefined) {
        return {
          ...describeObject(entry),
          Body: body.subarray(range.first, range.last + 1),
          ContentLength: range.last - range.first + 1,
          ContentRange: `bytes ${range.first}-${range.last}/${entry.sizeBytes}`,
        };
      }
      const checksum = input.ChecksumMode === "ENABLED" ? checksumFields(entry) : {};
      return { ...describeObject(entry), Body: body, ...checksum };
    },
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(context: S3Context): Operation {
  return defineOperation({
    input: readInputSchema.omit({ Range: true }),
    permissions: (input: ReadInput) => readPermissions(context, input),
    run(input: ReadInput, { principal }) {
      const bucket = context.findBucket(input.Bucket);
      if (bucket === undefined) throw notFound(input.Bucket);
      const entry = bucket.objects.get(input.Key);
      if (entry === undefined) throw missingObject(context, principal, bucket, input.Key, notFound);
      checkRead(entry.etag, { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch });
      return { ...describeObject(entry), ...(input.ChecksumMode === "ENABLED" ? checksumFields(entry) : {}) };
    },
  });
}

/** Input of GetObject and HeadObject. */
const readInputSchema = z.strictObject({
  Bucket: z.string(),
  Key: z.string().min(1),
  ChecksumMode: z.literal("ENABLED").optional(),
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  Range: z.string().optional(),
});

type ReadInput = z.infer<typeof readInputSchema>;

/** Reading needs the KMS key with which the object was written, not the current key of the bucket. */
export function readPermissions(context: S3Context, input: { Bucket: string; Key: string }): Permission[] {
  const entry = context.findBucket(input.Bucket)?.objects.get(input.Key);
  return [
    objectPermission("s3:GetObject", input.Bucket, input.Key),
    ...keyPermissions("kms:Decrypt", entry?.kmsKeyArn),
  ];
}

/** First and last byte, both included. */
interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The byte range of a Range header for an object of `sizeBytes`; undefined when the header is not a single byte range, for
 * which S3 answers with the whole object. https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 * @throws {AwsError} InvalidRange (416) when the range begins after the end.
 */
export function parseRange(header: string, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (match === null) return undefined;
  const [, from = "", to = ""] = match;
  if (from === "" && to === "") return undefined;
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;
  const first = from === "" ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === "" || to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (first > last) {
    throw new AwsError(
      "InvalidRange",
      `The requested range is not satisfiable: ${header} of an object of ${sizeBytes} bytes`,
      { statusCode: 416 },
    );
  }
  return { first, last };
}
