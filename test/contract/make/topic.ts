import { CreateTopicCommand, DeleteTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { answered, type Making, TAG_LIST } from "./making.ts";
import { allowCalls, type Recorder } from "./recorder.ts";

/**
 * Makes a topic to which the recorder subscribes.
 * @param filter policy of the subscription; `null` for none
 * @param callerNames like which the line's name for a topic is that may call the recorder
 */
export async function makeTopic(
  making: Making,
  recorder: Recorder,
  own: string,
  { filter, callerNames }: { filter: object | null; callerNames: string },
): Promise<void> {
  const { clients, cleanup, prefix, topicArns } = making;
  const Name = `${prefix}-${own}`;
  const answer = await clients.sns.send(new CreateTopicCommand({ Name, Tags: TAG_LIST }));
  const TopicArn = answered(answer.TopicArn, "TopicArn");
  // Its subscriptions go with it.
  cleanup.add(`topic ${Name}`, () => clients.sns.send(new DeleteTopicCommand({ TopicArn })));
  topicArns.set(own, TopicArn);
  const sourceArn = `${TopicArn.slice(0, -own.length)}${callerNames}`;
  await allowCalls(making, recorder, { own, service: "sns", sourceArn });
  const Attributes: Record<string, string> = filter === null ? {} : { FilterPolicy: JSON.stringify(filter) };
  await clients.sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint: recorder.functionArn, Attributes }),
  );
}
