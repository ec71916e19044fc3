import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StormwireConfig } from "../config/schema.ts";
import { filterPolicy, groupsOf } from "../config/subscribers.ts";
import type { Grant } from "./policy.ts";
import { createTopicPolicy, publishGrants } from "./topic-policy.ts";

export type Subscription = StormwireConfig["subscriptions"][string];

export interface AlertTopicArgs
  extends Pick<StormwireConfig, "subscriptions" | "groups" | "language" | "protect"> {
  readonly key: aws.kms.Key;
}

/** The topic of all messages, with a subscription for each phone and mailbox of the stack's config. */
export class AlertTopic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;
  readonly #key: aws.kms.Key;

  constructor(name: string, args: AlertTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:AlertTopic", name, {}, opts);
    const parent = this;

    const topic = createTopic();
    createTopicPolicy(name, topic, [], parent);
    for (const [subscriber, subscription] of Object.entries(args.subscriptions)) {
      subscribe(subscriber, "sms", subscription);
      subscribe(subscriber, "email", subscription);
    }

    this.topic = topic;
    this.#key = args.key;
    this.registerOutputs({ arn: topic.arn });

    function createTopic() {
      // No display name: SNS would put it before every SMS, and a text of 160 characters would become two.
      // Protected with the stack: subscribers by e-mail would have to confirm their subscription to a new topic.
      return new aws.sns.Topic(name, { kmsMasterKeyId: args.key.arn }, { parent, protect: args.protect });
    }

    // Named after the config's own key: adding or removing one person touches that person only, and a group shows in its
    // members' policies only. A person by another name is an update only under an alias: else the new subscription comes
    // before the old one goes, and SNS takes no second one of a phone or mailbox.
    // https://github.com/hashicorp/terraform-provider-aws/issues/10930
    function subscribe(subscriber: string, protocol: "sms" | "email", subscription: Subscription) {
      const { [protocol]: endpoint, was = [] } = subscription;
      if (endpoint !== undefined) {
        new aws.sns.TopicSubscription(
          `${subscriber}-${protocol}`,
          {
            topic: topic.arn,
            protocol,
            endpoint: pulumi.secret(endpoint),
            filterPolicy: JSON.stringify(policyOf(subscriber, subscription)),
          },
          { parent, aliases: was.map((former) => ({ name: `${former}-${protocol}` })) },
        );
      }
    }

    function policyOf(subscriber: string, { level, locations, language = args.language }: Subscription) {
      return filterPolicy(subscriber, {
        level,
        locations,
        language,
        groups: groupsOf(subscriber, args.groups),
      });
    }
  }

  publishGrants(): Grant[] {
    return publishGrants(this.topic, this.#key);
  }
}
