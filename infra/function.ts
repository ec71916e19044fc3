import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackPath } from "./account.ts";
import { createRole, type Grant } from "./policy.ts";

export interface HandlerFunctionArgs<Event, Result> {
  /** Runs once, at init: captures config and outputs only and loads the handler's module (docs/decisions/0002). */
  readonly callbackFactory: aws.lambda.CallbackFactory<Event, Result>;
  /** What the handler may do, besides writing its own log and trace. */
  readonly grants: readonly Grant[];
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly logRetentionDays: number;
}

/**
 * X-Ray takes no resource but `*`: segments go to the account, there is nothing smaller to name.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
const TRACING: Grant = {
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
};

/** A Lambda function from an inline callback, traced, with a log group and a least-privilege role of its own. */
export class HandlerFunction<Event, Result> extends pulumi.ComponentResource {
  readonly function: aws.lambda.CallbackFunction<Event, Result>;
  readonly role: aws.iam.Role;
  /** An event-source mapping is refused until its function's role may read the stream: depend on this. */
  readonly policy: aws.iam.RolePolicy;

  constructor(
    name: string,
    args: HandlerFunctionArgs<Event, Result>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("stormwire:infra:HandlerFunction", name, {}, opts);
    const parent = this;

    const logGroup = createLogGroup();
    const grants = [logging(), TRACING, ...args.grants];
    const { role, policy } = createRole(name, "lambda", grants, { parent });
    const handler = createFunction();

    this.function = handler;
    this.role = role;
    this.policy = policy;
    this.registerOutputs({ arn: handler.arn });

    function createLogGroup() {
      return new aws.cloudwatch.LogGroup(
        name,
        {
          name: stackPath(name),
          retentionInDays: args.logRetentionDays,
        },
        { parent },
      );
    }

    function logging(): Grant {
      return {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [pulumi.interpolate`${logGroup.arn}:*`],
      };
    }

    function createFunction() {
      return new aws.lambda.CallbackFunction(
        name,
        {
          callbackFactory: args.callbackFactory,
          role,
          description: args.description,
          runtime: aws.lambda.Runtime.NodeJS24dX,
          architectures: ["arm64"],
          memorySize: args.memoryMegabytes,
          timeout: args.timeoutSeconds,
          tracingConfig: { mode: "Active" },
          loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        },
        { parent, dependsOn: [policy] },
      );
    }
  }
}
