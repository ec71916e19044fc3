import type { Arns } from "../statements.ts";
import { known, type Making } from "./making.ts";

/** ARNs of what has been made so far. */
export function arnsOf({ prefix, callers, streamArns, topicArns }: Making): Arns {
  return {
    bucket: (own) => `arn:aws:s3:::${prefix}-${own}`,
    caller: (own) => known(callers, own).arn,
    stream: (own) => known(streamArns, own),
    topic: (own) => known(topicArns, own),
  };
}
