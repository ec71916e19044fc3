import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  ActionAfterCompletion,
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  FlexibleTimeWindowMode,
} from "@aws-sdk/client-scheduler";
import * as z from "zod";
import { type Creates, resource, tagList, tags } from "../definition.ts";
import { pascalKeys } from "../pascal-keys.ts";

export const TIMERS: Creates = {
  "aws:cloudwatch/eventRule:EventRule": resource(
    {
      name: z.string().optional(),
      description: z.string().optional(),
      scheduleExpression: z.string().optional(),
      eventPattern: z.string().optional(),
      tags,
    },
    async ({ events, name, inputs: { name: _, tags, ...rest } }) => {
      const { RuleArn } = await events.send(
        new PutRuleCommand({ Name: name, Tags: tagList(tags), ...pascalKeys(rest) }),
      );
      return RuleArn;
    },
  ),
  "aws:cloudwatch/eventTarget:EventTarget": resource(
    {
      rule: z.string(),
      arn: z.string(),
      inputTransformer: z
        .strictObject({ inputPaths: z.record(z.string(), z.string()), inputTemplate: z.string() })
        .optional(),
      retryPolicy: z.strictObject({ maximumEventAgeInSeconds: z.number() }).optional(),
    },
    async ({ events, name, inputs: { rule, arn, inputTransformer, retryPolicy } }) => {
      const transformed = inputTransformer && {
        InputPathsMap: inputTransformer.inputPaths,
        InputTemplate: inputTransformer.inputTemplate,
      };
      const { FailedEntries = [] } = await events.send(
        new PutTargetsCommand({
          Rule: rule,
          Targets: [
            {
              Id: name,
              Arn: arn,
              InputTransformer: transformed,
              RetryPolicy: retryPolicy && pascalKeys(retryPolicy),
            },
          ],
        }),
      );
      if (FailedEntries.length > 0) throw new Error(`target of ${rule}: ${JSON.stringify(FailedEntries)}`);
      return undefined;
    },
  ),
  "aws:scheduler/scheduleGroup:ScheduleGroup": resource(
    { tags },
    async ({ scheduler, name, inputs: { tags } }) => {
      const { ScheduleGroupArn } = await scheduler.send(
        new CreateScheduleGroupCommand({ Name: name, Tags: tagList(tags) }),
      );
      return ScheduleGroupArn;
    },
  ),
  "aws:scheduler/schedule:Schedule": resource(
    {
      scheduleExpression: z.string(),
      scheduleExpressionTimezone: z.string().optional(),
      groupName: z.string().optional(),
      description: z.string().optional(),
      actionAfterCompletion: z.enum(ActionAfterCompletion).optional(),
      flexibleTimeWindow: z.strictObject({ mode: z.enum(FlexibleTimeWindowMode) }),
      target: z.strictObject({
        arn: z.string(),
        roleArn: z.string(),
        input: z.string().optional(),
        retryPolicy: z
          .strictObject({ maximumEventAgeInSeconds: z.number(), maximumRetryAttempts: z.number() })
          .optional(),
      }),
    },
    async ({ scheduler, name, inputs }) => {
      const { ScheduleArn } = await scheduler.send(
        new CreateScheduleCommand({ Name: name, ...pascalKeys(inputs) }),
      );
      return ScheduleArn;
    },
  ),
};
