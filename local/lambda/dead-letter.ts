import { AwsError } from "../aws/error.ts";
import type { Gateway, Principal } from "../aws/operation.ts";

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
  try {
    if (service === "sns")
      await gateway.call(principal, "sns", "Publish", { TopicArn: targetArn, Message: message });
    else {
      const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
      await gateway.call(principal, "sqs", "SendMessage", { QueueUrl, MessageBody: message });
    }
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
