import type { Making } from "./make/making.ts";

/** A call that reached AWS, as the SDK sends it. */
export interface Call {
  /** e.g. `CreateTopic` */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a call is answered with; an Error is thrown in place of an answer. Tried again, a call is answered anew. */
export type Answer = (input: Call["input"]) => object;

/** An AWS that is the answers of a test, without any state but that a mapping is gone once it is deleted. */
export interface FakeAws {
  /** In order, each try of its own. */
  readonly calls: readonly Call[];
  /** Inputs of an operation's calls. */
  inputsOf(operation: string): readonly Call["input"][];
  /** Puts the answers in the place of HTTP, below the retries of the clients. */
  install(making: Making): Making;
}

/** Answers by which everything can be made. */
const MAKING: Readonly<Record<string, Answer>> = {
  CreateQueue: ({ QueueName }) => ({
    QueueUrl: `https://sqs.us-east-1.amazonaws.com/000000000000/${QueueName}`,
  }),
  CreateTopic: ({ Name }) => ({ TopicArn: `arn:aws:sns:us-east-1:000000000000:${Name}` }),
  CreateRole: ({ RoleName }) => ({ Role: { Arn: `arn:aws:iam::000000000000:role/${RoleName}` } }),
  CreateUser: ({ UserName }) => ({ User: { Arn: `arn:aws:iam::000000000000:user/${UserName}` } }),
  CreateAccessKey: () => ({ AccessKey: { AccessKeyId: "AKIA", SecretAccessKey: "secret" } }),
  CreateKey: () => ({ KeyMetadata: { Arn: "arn:aws:kms:us-east-1:000000000000:key/1" } }),
  CreateFunction: ({ FunctionName }) => ({
    FunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`,
  }),
  GetFunction: () => ({ Configuration: { State: "Active" } }),
  CreateEventSourceMapping: () => ({ UUID: "11111111-2222-3333-4444-555555555555" }),
  PutRule: ({ Name }) => ({ RuleArn: `arn:aws:events:us-east-1:000000000000:rule/${Name}` }),
  DescribeStream: () => ({ StreamDescription: { StreamStatus: "ACTIVE" } }),
  DescribeStreamSummary: ({ StreamName }) => ({
    StreamDescriptionSummary: { StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}` },
  }),
  FilterLogEvents: () => ({ events: [{ message: 'EVENT {"warmUp":true}\n' }] }),
};

/** @param answers by operation; one that is not named here and makes nothing is answered with nothing. */
export function fakeAws(answers: Readonly<Record<string, Answer>> = {}): FakeAws {
  const calls: Call[] = [];
  const all: Readonly<Record<string, Answer>> = {
    ...MAKING,
    GetEventSourceMapping: () =>
      calls.some(({ operation }) => operation === "DeleteEventSourceMapping")
        ? rejected("ResourceNotFoundException", "it is deleted")
        : { State: "Enabled" },
    ...answers,
  };
  return {
    calls,
    inputsOf: (operation) => calls.filter((call) => call.operation === operation).map(({ input }) => input),
    install(making) {
      for (const client of Object.values<FakedClient | (() => void)>({
        ...making.clients,
        ...making.makers,
      })) {
        if (typeof client === "function") continue;
        client.middlewareStack.add(
          (_, { commandName = "" }) =>
            async ({ input }) => {
              const operation = commandName.replace(/Command$/, "");
              calls.push({ operation, input });
              const output = all[operation]?.(input) ?? {};
              if (output instanceof Error) throw output;
              return { response: {}, output: { $metadata: {}, ...output } };
            },
          { step: "deserialize", priority: "high", name: "fake" },
        );
      }
      return making;
    },
  };
}

/** An error as the SDK throws it for what a service rejects. */
export function rejected(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $fault: "client", $metadata: { httpStatusCode: 400 } });
}

interface FakedClient {
  readonly middlewareStack: {
    add(
      // biome-ignore lint/suspicious/noExplicitAny: each operation has an output of its own
      middleware: (next: unknown, context: { readonly commandName?: string }) => (args: any) => Promise<any>,
      options: { readonly step: "deserialize"; readonly priority: "high"; readonly name: string },
    ): void;
  };
}
