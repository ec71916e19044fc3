import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import type { SnsContext } from "../context.ts";
import { invalidParameter } from "../errors.ts";
import { LIST_LIMIT_SUBSCRIPTIONS } from "../limits.ts";
import { listed } from "../listing.ts";

const inputSchema = z.strictObject({ TopicArn: z.string(), NextToken: z.string().optional() });

type Input = z.infer<typeof inputSchema>;

/** https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html; the token is an offset. */
export function listSubscriptionsByTopic(context: SnsContext): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: ({ TopicArn }: Input) => [{ action: "sns:ListSubscriptionsByTopic", resource: TopicArn }],
    run({ TopicArn, NextToken = "0" }: Input) {
      const { subscriptions } = context.topic(TopicArn);
      if (!/^\d{1,9}$/.test(NextToken)) throw invalidParameter(`NextToken Reason: ${NextToken}`);
      const start = Number(NextToken);
      const end = start + LIST_LIMIT_SUBSCRIPTIONS;
      return {
        Subscriptions: subscriptions.slice(start, end).map((one) => listed(one, context.accountId)),
        ...(end < subscriptions.length ? { NextToken: String(end) } : {}),
      };
    },
  });
}
