import {
  ComparisonOperator,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  Statistic,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import * as z from "zod";
import { type Creates, resource, tagList, tags } from "../definition.ts";
import { pascalKeys } from "../pascal-keys.ts";

export const OPERATIONS: Creates = {
  "aws:cloudwatch/logGroup:LogGroup": resource(
    { name: z.string().optional(), retentionInDays: z.number().optional(), tags },
    async ({ logs, name, inputs: { retentionInDays, tags } }) => {
      await logs.send(new CreateLogGroupCommand({ logGroupName: name, tags }));
      if (retentionInDays !== undefined)
        await logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays }));
      const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
      const { arn } = logGroups?.find(({ logGroupName }) => logGroupName === name) ?? {};
      return arn?.replace(/:\*$/, ""); // `:*` stands for the group's streams
    },
  ),
  "aws:cloudwatch/metricAlarm:MetricAlarm": resource(
    {
      name: z.string().optional(),
      alarmDescription: z.string().optional(),
      actionsEnabled: z.boolean().optional(),
      alarmActions: z.array(z.string()).optional(),
      okActions: z.array(z.string()).optional(),
      namespace: z.string(),
      metricName: z.string(),
      dimensions: z.record(z.string(), z.string()).default({}),
      statistic: z.enum(Statistic),
      period: z.number(),
      evaluationPeriods: z.number(),
      datapointsToAlarm: z.number().optional(),
      threshold: z.number(),
      comparisonOperator: z.enum(ComparisonOperator),
      treatMissingData: z.string().optional(),
      tags,
    },
    async ({ cloudwatch, name, inputs: { name: _, dimensions, okActions, tags, ...rest } }) => {
      await cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName: name,
          OKActions: okActions,
          Tags: tagList(tags),
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          ...pascalKeys(rest),
        }),
      );
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
      return MetricAlarms?.[0]?.AlarmArn;
    },
  ),
  "aws:cloudwatch/dashboard:Dashboard": resource(
    { dashboardName: z.string(), dashboardBody: z.string() },
    async ({ cloudwatch, inputs }) => {
      const { DashboardName, DashboardBody } = pascalKeys(inputs);
      const { DashboardValidationMessages = [] } = await cloudwatch.send(
        new PutDashboardCommand({ DashboardName, DashboardBody }),
      );
      if (DashboardValidationMessages.length > 0)
        throw new Error(`dashboard ${DashboardName}: ${JSON.stringify(DashboardValidationMessages)}`);
      const { DashboardArn } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
      return DashboardArn;
    },
  ),
};
