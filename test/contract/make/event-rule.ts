import {
  DeleteRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { EVENT } from "../declared-graph.ts";
import { known, type Making, TAG_LIST } from "./making.ts";

/** Makes a rule on events of this world's own, which are sent to topics. */
export async function makeEventRule(making: Making, topics: readonly string[]): Promise<void> {
  const { makers, cleanup, prefix, topicArns } = making;
  const { events } = makers;
  const Name = `${prefix}-events`;
  // All worlds share the account's default bus.
  const EventPattern = JSON.stringify({ source: [EVENT.source], "detail-type": [detailTypeOf(prefix)] });
  cleanup.add(`rule ${Name}`, () => events.send(new DeleteRuleCommand({ Name })));
  await events.send(new PutRuleCommand({ Name, EventPattern, Tags: TAG_LIST }));
  cleanup.add(`targets of rule ${Name}`, () =>
    events.send(new RemoveTargetsCommand({ Rule: Name, Ids: [...topics] })),
  );
  const Targets = topics.map((topic) => ({ Id: topic, Arn: known(topicArns, topic) }));
  const { FailedEntries = [] } = await events.send(new PutTargetsCommand({ Rule: Name, Targets }));
  if (FailedEntries.length > 0) throw new Error(`targets of ${Name}: ${JSON.stringify(FailedEntries)}`);
}

export async function putEvent({ makers: { events }, prefix }: Making): Promise<void> {
  const entry = { Source: EVENT.source, DetailType: detailTypeOf(prefix), Detail: "{}" };
  const { FailedEntryCount, Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount !== 0) throw new Error(`the event is rejected: ${JSON.stringify(Entries)}`);
}

function detailTypeOf(prefix: string): string {
  return `${EVENT.detailType} of ${prefix}`;
}
