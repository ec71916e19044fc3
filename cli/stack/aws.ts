import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import type { UserError } from "../../lib/user-error.ts";
import { explained } from "./aws-errors.ts";
import type { Answer, OpenStack, WritableStore } from "./stack.ts";

export interface DeployedStack {
  readonly stack: string;
  readonly bucket: string;
  /** Undefined: what the shell or the profile says. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** What a function of the program is deployed as; asked for only when it is needed. */
  readonly deployedName: (name: string) => Promise<string>;
}

/** Seven characters that Pulumi adds to a name. */
const PULUMI_SUFFIX = /-[0-9a-f]{7}$/;

/**
 * A stack on AWS, with the credentials of the shell or of a named profile. Every call throws
 * {@link UserError} for what its caller can put right: credentials, permissions, a stack that is gone.
 */
export function openDeployed({ stack, bucket, region, profile, deployedName }: DeployedStack): OpenStack {
  const settings = { ...(region && { region }), ...(profile && { profile }) };

  async function withStore<Result>(use: (store: WritableStore) => Promise<Result>): Promise<Result> {
    const s3 = new S3Client(settings);
    try {
      return await explained("S3", use(storeIn(s3, bucket)));
    } finally {
      s3.destroy();
    }
  }

  return {
    stack,
    bucket,
    functionName: (deployed) => deployed.replace(PULUMI_SUFFIX, ""),
    readable: withStore,
    writable: withStore,
    withFunctions: (use) =>
      withStore(async (store) => {
        const lambda = new LambdaClient(settings);
        try {
          return await use(store, async (name, event) =>
            explained("Lambda", invoke(lambda, await deployedName(name), event)),
          );
        } finally {
          lambda.destroy();
        }
      }),
  };
}

/** A bucket's objects as text; throws what S3 throws. */
export function storeIn(s3: S3Client, Bucket: string): WritableStore {
  return {
    async list(Prefix) {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      }
      return keys;
    },
    async read(Key) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return await Body?.transformToString("utf-8");
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async write(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: "application/json" }));
    },
    async remove(Key) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
}

async function invoke(lambda: LambdaClient, FunctionName: string, event: unknown): Promise<Answer> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  const payload: unknown = JSON.parse(Buffer.from(Payload ?? []).toString("utf-8") || "null");
  return FunctionError === undefined ? { payload } : { error: errorText(FunctionError, payload) };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
function errorText(kind: string, payload: unknown): string {
  const { errorType = kind, errorMessage = "" } = (payload ?? {}) as Record<string, string | undefined>;
  return `${errorType}: ${errorMessage}`;
}
