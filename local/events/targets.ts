import { z } from "zod";
import { parseJson } from "../../lib/json.ts";
import type { Clock } from "../clock/clock.ts";
import { AwsError, NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import type { ServiceCaller } from "../iam/service-policy.ts";
import type { OnFailure } from "../lambda/failure.ts";
import type { Lambda } from "../lambda/lambda.ts";
import type { SendAs } from "../sqs/sqs.ts";
import { isServicePermitted } from "./invoke-permission.ts";

/** Publishes to a topic as an AWS service that acts for a resource. Throws AwsError when the topic's policy denies it. */
export type PublishAs = (caller: ServiceCaller, topicArn: string, text: string) => Promise<void>;

export interface TargetOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly onFailure: OnFailure;
  readonly lambda?: Pick<Lambda, "invokeAsync" | "configurationOf">;
  readonly publishAs?: PublishAs;
  readonly sendAs?: SendAs;
}

const targetInputs = z.looseObject({
  rule: z.string(),
  arn: z.string(),
  input: z.string().optional(),
  inputPath: z.string().optional(),
  inputTransformer: z
    .strictObject({ inputPaths: z.record(z.string(), z.string()).default({}), inputTemplate: z.string() })
    .optional(),
  deadLetterConfig: z.object({ arn: z.string().optional() }).optional(),
});

export type Target = z.infer<typeof targetInputs>;

/** Accepted inputs. Roles belong to targets that are not emulated, and deliveries are not retried. */
const KNOWN = new Set([
  ...Object.keys(targetInputs.shape),
  "targetId",
  "roleArn",
  "retryPolicy",
  "eventBusName",
  "forceDestroy",
  "region",
]);

/**
 * The targets of a rule.
 *
 * @throws NotEmulatedError for a target that is not a function, topic or queue, and for an unknown parameter.
 */
export function targetsOf(graph: Graph, ruleName: string): readonly Target[] {
  return resourcesOfType(graph, "aws:cloudwatch/eventTarget:EventTarget")
    .filter(({ inputs }) => inputs.rule === ruleName)
    .map((resource) => ofResource(resource.urn, () => target(resource)));
}

function target(resource: Resource): Target {
  const parsed = targetInputs.safeParse(resource.inputs, { reportInput: true });
  if (!parsed.success)
    throw new Error(`Event target ${resource.name}: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  const { arn, inputPath } = parsed.data;
  const owner = `Event target ${resource.name}`;
  if (!/^arn:[\w-]+:(lambda|sns|sqs):/.test(arn)) throw new NotEmulatedError(`${owner} to ${arn}`);
  const unknown = Object.keys(resource.inputs).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) throw new NotEmulatedError(`${owner} with ${unknown}`);
  const paths = [inputPath ?? "$", ...Object.values(parsed.data.inputTransformer?.inputPaths ?? {})];
  for (const path of paths) valueAt({}, path); // throws for a path that is not emulated
  return parsed.data;
}

/** Sends an event to a target as EventBridge does for a rule. A rejected event goes to the target's dead-letter queue. */
export async function sendToTarget(
  ruleArn: string,
  target: Target,
  event: object,
  options: TargetOptions,
): Promise<void> {
  const { clock, onFailure, sendAs } = options;
  const caller = { service: "events.amazonaws.com", sourceArn: ruleArn };
  const text = eventText(target, event);
  const error =
    parseJson(text) !== undefined
      ? await errorOf(() => deliver(caller, target.arn, text, options))
      : `the result of the input transformer is not JSON: ${text}`;
  if (error === undefined) return;
  const queue = target.deadLetterConfig?.arn;
  const notKept = queue === undefined ? undefined : await errorOf(async () => sendAs?.(caller, queue, text));
  onFailure({
    time: clock.now(),
    kind: "rejected",
    source: ruleArn,
    functionName: /:function:([^:]+)/.exec(target.arn)?.[1] ?? target.arn,
    message: notKept === undefined ? error : `${error}; not kept in ${queue}: ${notKept}`,
    count: 1,
    lost: queue === undefined || notKept !== undefined,
  });
}

async function deliver(
  caller: ServiceCaller,
  arn: string,
  text: string,
  { graph, lambda, publishAs, sendAs }: TargetOptions,
): Promise<void> {
  const [, , service] = arn.split(":");
  if (service === "sqs") return sendAs?.(caller, arn, text);
  if (service === "sns") return await publishAs?.(caller, arn, text);
  const action = "lambda:InvokeFunction";
  lambda?.configurationOf(arn); // throws for an unknown function
  if (!isServicePermitted(graph, arn, caller.service, caller.sourceArn))
    throw new AwsError(
      "AccessDenied",
      `${caller.service} is not authorized to perform: ${action} on resource: ${arn} because no Permission of the function allows it for ${caller.sourceArn}`,
    );
  await lambda?.invokeAsync(arn, JSON.parse(text), caller.sourceArn);
}

async function errorOf(send: () => Promise<void>): Promise<string | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.message;
  }
}

interface TargetInput {
  /** Constant JSON that replaces the event. */
  readonly input?: string | undefined;
  /** Path of the part of the event that is sent. */
  readonly inputPath?: string | undefined;
  readonly inputTransformer?:
    | { readonly inputPaths: Readonly<Record<string, string>>; readonly inputTemplate: string }
    | undefined;
}

/**
 * The input of a target: the event, a part of it, a constant, or a template filled with parts of the event. A path without
 * a value is replaced by nothing. A variable outside quotes is replaced by JSON. Inside quotes nothing is escaped: AWS
 * documents this for its own variables.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
function eventText({ input, inputPath, inputTransformer }: TargetInput, event: object): string {
  if (input !== undefined) return input;
  if (inputPath !== undefined) return JSON.stringify(valueAt(event, inputPath) ?? null);
  if (inputTransformer === undefined) return JSON.stringify(event);
  const { inputPaths, inputTemplate } = inputTransformer;
  return inputTemplate.replaceAll(/<([^<>]+)>/g, (whole, name: string, offset: number) => {
    const path = inputPaths[name];
    if (path === undefined) return whole;
    const value = valueAt(event, path);
    if (value === undefined) return "";
    return typeof value === "string" && isQuoted(inputTemplate, offset) ? value : JSON.stringify(value);
  });
}

function isQuoted(template: string, offset: number): boolean {
  const quotes = template.slice(0, offset).match(/(?<!\\)"/g) ?? [];
  return quotes.length % 2 === 1;
}

/** The value at a JSON path, of which `$` and `$.name.name` are emulated. */
function valueAt(event: object, path: string): unknown {
  if (!/^\$(\.[\w-]+)*$/.test(path)) throw new NotEmulatedError(`The path ${path} of an event target`);
  return path
    .split(".")
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
}
