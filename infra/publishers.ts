import type * as pulumi from "@pulumi/pulumi";
import { ownAccount } from "./account.ts";

/** AWS services that publish to topics of the program, as in `SERVICE.amazonaws.com`, and how each says for whose account. */
const SAYS_FOR_WHOM = {
  cloudwatch: "StringEquals",
  s3: "StringEquals",
  // AWS's pages take it that EventBridge says nothing, neither to a topic nor to its key; so another account is refused, and
  // silence is not: docs/security.md.
  events: "StringEqualsIfExists",
} as const;

export type PublishingService = keyof typeof SAYS_FOR_WHOM;

export const PUBLISHING_SERVICES = Object.keys(SAYS_FOR_WHOM) as readonly PublishingService[];

/** The condition by which a service may act for this account only. */
export function publishedForThisAccount(service: PublishingService): Record<string, pulumi.Input<object>> {
  return { [SAYS_FOR_WHOM[service]]: { "aws:SourceAccount": ownAccount() } };
}
