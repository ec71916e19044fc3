import type { Gateway, Principal } from "../endpoint/operation.ts";
import { refusalOf } from "./refusal.ts";

/**
 * Sends what failed to a dead-letter queue (SQS) or topic (SNS) as the given role.
 *
 * @returns the refusal when the message could not be sent, or undefined.
 */
export async function sendDeadLetter(
  gateway: Gateway,
  principal: Principal,
  targetArn: string,
  message: string,
): Promise<string | undefined> {
  const [, , service = "", region, account, name] = targetArn.split(":");
  if (service === "sns")
    return await refusalOf(
      gateway.call(principal, "sns", "Publish", { TopicArn: targetArn, Message: message }),
    );
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  return await refusalOf(gateway.call(principal, "sqs", "SendMessage", { QueueUrl, MessageBody: message }));
}
