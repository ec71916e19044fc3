import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { BASE_URLS, type CallBudget } from "../config/polling.ts";
import type { StormwireConfig } from "../config/schema.ts";
import type { ProduceEvent, ProduceReport } from "../handlers/produce.ts";
import type { Location } from "../handlers/weather/observation/location.ts";
import { stackPath } from "./account.ts";
import { HandlerFunction } from "./function.ts";
import { createInvocationRule } from "./invocation-rule.ts";
import type { Grant } from "./policy.ts";
import type { ObservationStream } from "./stream.ts";

export interface ProducerArgs {
  readonly stream: ObservationStream;
  readonly locations: readonly Location[];
  readonly source: StormwireConfig["source"];
  readonly apiKey?: string | undefined;
  readonly calls: CallBudget;
  /** EventBridge schedule expression, UTC. */
  readonly poll: string;
  readonly logRetentionDays: number;
}

/** Polls the weather API on an EventBridge rule and puts the observation of every location on the stream. */
export class Producer extends pulumi.ComponentResource {
  readonly function: HandlerFunction<ProduceEvent, ProduceReport>;
  readonly rule: aws.cloudwatch.EventRule;

  constructor(name: string, args: ProducerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:Producer", name, {}, opts);
    const parent = this;

    const apiKey = createApiKey();
    const produce = createFunction();
    const rule = createInvocationRule(
      "poll",
      {
        description: "When the weather API is polled",
        scheduleExpression: args.poll,
        function: produce.function,
      },
      parent,
    );

    this.function = produce;
    this.rule = rule;
    this.registerOutputs({ rule: rule.name });

    function createApiKey() {
      if (args.apiKey === undefined) {
        return undefined;
      }
      return new aws.ssm.Parameter(
        "api-key",
        {
          name: stackPath("api-key"),
          description: "Key of the weather API; the producer reads it at init",
          type: "SecureString",
          value: args.apiKey, // which the type itself makes a secret
        },
        { parent },
      );
    }

    function createFunction() {
      const { locations } = args;
      const { provider, baseUrl = BASE_URLS[provider] } = args.source;
      const streamName = args.stream.stream.name;
      const apiKeyParameter = apiKey?.name;
      const { calls } = args;
      return new HandlerFunction<ProduceEvent, ProduceReport>(
        name,
        {
          callbackFactory: () => {
            const handler = import("#handlers/produce").then((m) =>
              m.createProduceHandler({
                streamName: streamName.get(),
                locations,
                source: {
                  provider,
                  baseUrl,
                  ...(apiKeyParameter && { apiKeyParameter: apiKeyParameter.get() }),
                },
                calls,
              }),
            );
            return async (event) => (await handler)(event);
          },
          grants: [...args.stream.writeGrants(), ...readKey()],
          description: "Polls the weather API and puts observations on the stream",
          timeoutSeconds: 120, // four locations whose every attempt times out take 52 s
          memoryMegabytes: 256,
          logRetentionDays: args.logRetentionDays,
        },
        { parent },
      );
    }

    function readKey(): Grant[] {
      return apiKey ? [{ actions: ["ssm:GetParameter"], resources: [apiKey.arn] }] : [];
    }
  }
}
