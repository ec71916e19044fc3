import type { Subscription } from "./subscription.ts";

/** A subscription as SNS lists it. https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html */
export interface ListedSubscription {
  /** `PendingConfirmation` until its owner confirms. */
  readonly SubscriptionArn: string;
  readonly Owner: string;
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly TopicArn: string;
}

export function listed(
  { arn, isPending, protocol, endpoint, topicArn }: Subscription,
  accountId: string,
): ListedSubscription {
  return {
    SubscriptionArn: isPending ? "PendingConfirmation" : arn,
    Owner: accountId,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  };
}
