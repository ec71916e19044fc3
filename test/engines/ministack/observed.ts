import type { Table } from "@aws-sdk/client-glue";
import type { QueryAnswer } from "./athena.ts";
import type { Publication } from "./publications.ts";

/** What one run of the program left and sent, whoever ran it. */
export interface Observed {
  /** In the order of their calls. */
  readonly publications: readonly Publication[];
  /** By the subscription's name, in order. */
  readonly deliveries: Readonly<Record<string, readonly Delivery[]>>;
  /** Bodies that the webhook got, in alphabetical order: two functions may run at once. */
  readonly webhooks: readonly string[];
  /** Folder with the bucket's objects as files. */
  readonly bucketDirectory: string;
  /** By the saved query's name. */
  readonly queries: Readonly<Record<string, QueryAnswer>>;
  /** The catalog's. */
  readonly tables: readonly Table[];
}

/** A message as a subscriber gets it. */
export interface Delivery {
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The text that a publication has for a protocol. https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html */
export function textFor({ structure, message }: Publication, protocol: string): string {
  if (structure !== "json") return message;
  const texts: Record<string, string> = JSON.parse(message);
  return texts[protocol] ?? texts.default ?? "";
}
