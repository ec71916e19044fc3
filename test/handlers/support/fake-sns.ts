import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Sends } from "../../../handlers/clients/dependencies.ts";

type Published = PublishCommand["input"];

export interface FakeSns extends Sends<SNSClient> {
  readonly published: Published[];
  /** The publish at an index; throws when there is none. */
  at(index: number): Published;
  /** Runs before SNS accepts; may throw. */
  beforePublish: (input: Published) => void;
}

/** A topic that keeps what is published. */
export function createFakeSns(): FakeSns {
  const published: Published[] = [];
  const send = async (command: unknown) => {
    if (!(command instanceof PublishCommand)) throw new Error("the fake knows Publish");
    fake.beforePublish(command.input);
    published.push(command.input);
    return { MessageId: String(published.length) };
  };
  const at = (index: number): Published => {
    const input = published[index];
    if (input === undefined) throw new Error(`${published.length} messages were published, none at ${index}`);
    return input;
  };
  const fake: FakeSns = { published, at, beforePublish: () => undefined, send: send as SNSClient["send"] };
  return fake;
}

/** The SMS text of a publish. */
export function smsOf({ Message }: Published): string {
  return (JSON.parse(Message ?? "{}") as { sms: string }).sms;
}

/** The string value of a message attribute. */
export function attributeOf({ MessageAttributes }: Published, name: string): string | undefined {
  return MessageAttributes?.[name]?.StringValue;
}
