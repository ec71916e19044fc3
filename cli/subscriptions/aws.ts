import {
  AuthorizationErrorException,
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  NotFoundException,
  paginateListSubscriptionsByTopic,
  SNSClient,
  SNSServiceException,
} from "@aws-sdk/client-sns";
import { createPublisher, type Publish } from "../../handlers/clients/publisher.ts";
import { UserError } from "../../lib/user-error.ts";
import { explained as explainedBy } from "../stack/aws-errors.ts";
import type { Answer, SmsAccount } from "./account.ts";
import type { TopicSubscription } from "./compare.ts";

/** The topic of alerts, in its own region, with the credentials of the shell or of a named profile. */
interface TopicClient {
  subscriptions(): Promise<readonly TopicSubscription[]>;
  smsAccount(): Promise<SmsAccount>;
  /** Publishes as the functions do; a text that would cost more than `maxPriceUsd` is not sent. */
  publish(maxPriceUsd: number): Publish;
  close(): void;
}

/** Every call throws {@link UserError} for what its caller can put right: credentials, permissions, a topic that is gone. */
export function createTopicClient(
  topicArn: string,
  profile?: string,
  client = new SNSClient({ region: regionOf(topicArn), ...(profile && { profile }) }),
): TopicClient {
  const region = regionOf(topicArn);

  async function subscriptions() {
    const listed: TopicSubscription[] = [];
    for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
      for (const { SubscriptionArn: arn = "", Protocol = "", Endpoint = "" } of page.Subscriptions ?? []) {
        listed.push({ arn, protocol: Protocol, endpoint: Endpoint });
      }
    }
    return listed;
  }

  return {
    subscriptions: () => explained(subscriptions(), topicArn),
    async smsAccount() {
      const isInSandbox = answerOf(client.send(new GetSMSSandboxAccountStatusCommand({})), (output) =>
        Boolean(output.IsInSandbox),
      );
      const attributes = answerOf(
        client.send(new GetSMSAttributesCommand({})),
        (output) => output.attributes ?? {},
      );
      return await explained(
        Promise.all([isInSandbox, attributes]).then(([sandbox, settings]) => ({
          region,
          isInSandbox: sandbox,
          attributes: settings,
        })),
        topicArn,
      );
    },
    publish: (maxPriceUsd) => (message, routing) =>
      explained(createPublisher(client, { topicArn, maxPriceUsd })(message, routing), topicArn),
    close: () => client.destroy(),
  };
}

function regionOf(topicArn: string): string {
  return topicArn.split(":")[3] ?? "";
}

/** What SNS answers, or that it refuses to. */
async function answerOf<Output, Value>(
  request: Promise<Output>,
  read: (output: Output) => Value,
): Promise<Answer<Value>> {
  try {
    return { value: read(await request) };
  } catch (error) {
    if (isDenied(error)) return { denied: error.message };
    throw error;
  }
}

/** As for every service, but of a topic that is gone it can be said what to do. */
async function explained<Value>(request: Promise<Value>, topicArn: string): Promise<Value> {
  const aboutTopic = request.catch((cause: unknown) => {
    if (!(cause instanceof NotFoundException)) throw cause;
    const gone = `${topicArn} does not exist any more, though the stack's outputs name it: run pulumi up --refresh`;
    throw new UserError(gone, { cause });
  });
  return await explainedBy("SNS", aboutTopic);
}

/** IAM says AuthorizationError here, and AccessDenied where an organization's policy forbids the call. */
function isDenied(error: unknown): error is SNSServiceException {
  return (
    error instanceof AuthorizationErrorException ||
    (error instanceof SNSServiceException && /^AccessDenied/.test(error.name))
  );
}
