import { randomUUID } from "node:crypto";
import * as z from "zod";
import { NotEmulatedError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { publishPermissions, type SnsContext } from "../context.ts";
import { invalidParameter } from "../errors.ts";
import { SMS_LIMIT_CHARACTERS } from "../limits.ts";
import { type Message, messageFields, parseMessage } from "../message.ts";
import { PHONE_NUMBER } from "../subscription.ts";

const inputSchema = z.strictObject({
  ...messageFields,
  TopicArn: z.string().optional(),
  TargetArn: z.string().optional(),
  PhoneNumber: z.string().optional(),
});

type Input = z.infer<typeof inputSchema>;

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function publish(context: SnsContext): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: (input: Input) => {
      const topicArn = input.TopicArn ?? input.TargetArn;
      // An SMS to a number has no ARN that a policy could name.
      return topicArn === undefined
        ? [{ action: "sns:Publish", resource: "*" }]
        : publishPermissions(context, topicArn);
    },
    async run(input: Input) {
      const messageId = randomUUID();
      const { PhoneNumber: phoneNumber } = input;
      const topicArn = topicArnOf(input);
      if (topicArn !== undefined) {
        const topic = context.topic(topicArn);
        await context.delivery.toTopic(topic, messageId, parseMessage(input));
      } else if (phoneNumber !== undefined) {
        context.delivery.toPhone(phoneNumber, smsOf(phoneNumber, input));
      }
      return { MessageId: messageId };
    },
  });
}

function topicArnOf({ TopicArn, TargetArn, PhoneNumber }: Input): string | undefined {
  const targets = [TopicArn, TargetArn, PhoneNumber].filter((target) => target !== undefined);
  if (targets.length === 0)
    throw invalidParameter("TopicArn or TargetArn Reason: no value for required parameter");
  if (targets.length > 1) {
    throw invalidParameter("TopicArn, TargetArn and PhoneNumber Reason: only one of them can be given");
  }
  if (TargetArn?.includes(":endpoint/")) throw new NotEmulatedError("SNS Publish to a mobile push endpoint");
  return TopicArn ?? TargetArn;
}

function smsOf(phoneNumber: string, input: Input): Message {
  if (!PHONE_NUMBER.test(phoneNumber)) {
    throw invalidParameter(`PhoneNumber Reason: ${phoneNumber} is not valid to publish to`);
  }
  const message = parseMessage(input);
  if (message.textFor("sms").length > SMS_LIMIT_CHARACTERS) throw invalidParameter("Message too long");
  return message;
}
