import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import type { SnsContext } from "../context.ts";

const inputSchema = z.strictObject({ TopicArn: z.string() });

type Input = z.infer<typeof inputSchema>;

/** https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html */
export function getTopicAttributes(context: SnsContext): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: ({ TopicArn }: Input) => [{ action: "sns:GetTopicAttributes", resource: TopicArn }],
    run({ TopicArn }: Input) {
      const { displayName = "", kmsKeyArn, policy, subscriptions } = context.topic(TopicArn);
      const pending = subscriptions.filter(({ isPending }) => isPending).length;
      return {
        Attributes: {
          TopicArn,
          Owner: context.accountId,
          DisplayName: displayName,
          SubscriptionsConfirmed: String(subscriptions.length - pending),
          SubscriptionsPending: String(pending),
          SubscriptionsDeleted: "0",
          ...(kmsKeyArn === undefined ? {} : { KmsMasterKeyId: kmsKeyArn }),
          ...(policy === undefined
            ? {}
            : { Policy: typeof policy === "string" ? policy : JSON.stringify(policy) }),
        },
      };
    },
  });
}
