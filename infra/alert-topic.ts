import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Language } from "../handlers/weather/messages/language.ts";
import { LEVEL_RANKS } from "../handlers/weather/rules.ts";
import type { StormwireConfig } from "./config-schema.ts";
import type { Grant } from "./policy.ts";

export type Subscription = StormwireConfig["subscriptions"][string];

/** The topic that every message goes to, and the phones and mailboxes of the stack's config that hear of it. */
export class AlertTopic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;

  constructor(
    name: string,
    args: Pick<StormwireConfig, "subscriptions" | "language">,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("stormwire:infra:AlertTopic", name, {}, opts);
    const parent = this;

    const topic = createTopic();
    for (const [subscriber, subscription] of Object.entries(args.subscriptions)) {
      subscribe(subscriber, "sms", subscription);
      subscribe(subscriber, "email", subscription);
    }

    this.topic = topic;
    this.registerOutputs({ arn: topic.arn });

    function createTopic() {
      // No display name: SNS would put it before every SMS, and a text of 160 characters would become two.
      return new aws.sns.Topic(name, {}, { parent });
    }

    // Named after the config's own key: adding, removing or renaming one person touches that person only.
    function subscribe(subscriber: string, protocol: "sms" | "email", subscription: Subscription) {
      const endpoint = subscription[protocol];
      if (endpoint !== undefined) {
        new aws.sns.TopicSubscription(
          `${subscriber}-${protocol}`,
          {
            topic: topic.arn,
            protocol,
            endpoint: pulumi.secret(endpoint),
            filterPolicy: JSON.stringify(
              filterPolicy(subscriber, { ...subscription, language: subscription.language ?? args.language }),
            ),
          },
          { parent },
        );
      }
    }
  }

  publishGrant(): Grant {
    return { actions: ["sns:Publish"], resources: [this.topic.arn] };
  }
}

/**
 * Which messages reach one subscriber: addressed to all or to them by name, at their level or above, about one of their
 * places (every place when none are named), in their language. SNS wants all of it to match; messages to people by name carry a level and
 * places that pass (handlers/aws/publisher.ts).
 */
export function filterPolicy(
  subscriber: string,
  { level, locations, language }: Pick<Subscription, "level" | "locations"> & { language: Language },
) {
  return {
    audience: ["all", subscriber],
    level: [{ numeric: [">=", LEVEL_RANKS[level]] }],
    language: [language],
    ...(locations && { location: [...locations].sort() }),
  };
}
