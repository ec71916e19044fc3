import { AwsError } from "../endpoint/error.ts";

/** What AWS answered when it refused the call, `CODE: message`; undefined when the call went through. */
export async function refusalOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
