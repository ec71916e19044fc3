import { CreateLogGroupCommand, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { isWarmUp, RECORDER, recorderStatements, WARM_UP } from "../recorder.ts";
import { holdsWithin } from "../until.ts";
import { recordedBy } from "./log.ts";
import { answered, type Making, policyOf, TAG_LIST, TAGS } from "./making.ts";

/** The function that everything is delivered to. */
export interface Recorder {
  readonly functionName: string;
  readonly functionArn: string;
  readonly logGroupName: string;
  /** Its own, which Scheduler calls it with, too. */
  readonly roleArn: string;
}

/** An emulator's first start of a function. */
const LOG_SECONDS = 20;
const PACKAGE = { ZipFile: zipSync({ "index.js": new TextEncoder().encode(RECORDER) }) };

/** Makes log group, role and function. */
export async function makeRecorder(making: Making): Promise<Recorder> {
  const { makers, cleanup, prefix } = making;
  const { lambda, logs } = makers;
  const functionName = `${prefix}-recorder`;
  const logGroupName = `/aws/lambda/${functionName}`;
  // The role may not make a group, so that none is there again once this one is deleted.
  cleanup.add(`log group ${logGroupName}`, () => logs.send(new DeleteLogGroupCommand({ logGroupName })));
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags: TAGS }));
  const roleArn = await makeRole(making, functionName);
  cleanup.add(`function ${functionName}`, () =>
    lambda.send(new DeleteFunctionCommand({ FunctionName: functionName })),
  );
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Role: roleArn,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Timeout: 30,
      Code: PACKAGE,
      Tags: TAGS,
    }),
  );
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 120, minDelay: 1, maxDelay: 2 },
    { FunctionName: functionName },
  );
  return { functionName, functionArn: answered(FunctionArn, "FunctionArn"), logGroupName, roleArn };
}

async function makeRole({ makers: { iam }, cleanup, prefix }: Making, RoleName: string): Promise<string> {
  const Service = ["lambda.amazonaws.com", "scheduler.amazonaws.com"];
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } };
  cleanup.add(`role ${RoleName}`, () => iam.send(new DeleteRoleCommand({ RoleName })));
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policyOf([trust]), Tags: TAG_LIST }),
  );
  const PolicyName = "recorder";
  cleanup.add(`policy of role ${RoleName}`, () =>
    iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })),
  );
  const PolicyDocument = policyOf(recorderStatements(`${prefix}-`));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  return answered(Role?.Arn, "Arn");
}

/** Lets a service call the recorder for the resources whose ARNs are like `sourceArn`. */
export async function allowCalls(
  { makers: { lambda } }: Making,
  { functionName }: Recorder,
  { own, service, sourceArn }: { own: string; service: "sns" | "events"; sourceArn: string },
): Promise<void> {
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: functionName,
      StatementId: `${own}-${service}`,
      Action: "lambda:InvokeFunction",
      Principal: `${service}.amazonaws.com`,
      SourceArn: sourceArn,
    }),
  );
}

/** Until what the recorder is given can be read in its log: a role's right to write logs comes after the role, and in silence. */
export async function warmUp(
  { makers: { lambda, logs }, pace }: Making,
  { functionName, logGroupName }: Recorder,
): Promise<void> {
  const Payload = JSON.stringify(WARM_UP);
  const seconds = LOG_SECONDS + pace.lateSeconds;
  const isLogged = await holdsWithin(seconds, pace, async () => {
    await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
    return (await recordedBy(logs, logGroupName)).some(isWarmUp);
  });
  if (!isLogged) throw new Error(`nothing of ${functionName} was in its log after ${seconds} s`);
}
