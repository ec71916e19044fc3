import {
  DescribeAlarmsCommand,
  GetDashboardCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { pascalKeys } from "../inputs.ts";
import type { Creates } from "./resource.ts";

export const OPERATIONS: Creates = {
  "aws:cloudwatch/logGroup:LogGroup": async ({ logs, name, inputs }) => {
    inputs.ignore("name");
    await logs.send(new CreateLogGroupCommand({ logGroupName: name, tags: inputs.tags() }));
    const retentionInDays: number | undefined = inputs.get("retentionInDays");
    if (retentionInDays !== undefined)
      await logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays }));
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    return logGroups?.find(({ logGroupName }) => logGroupName === name)?.logGroupArn;
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": async ({ cloudwatch, name, inputs }) => {
    const dimensions: Record<string, string> | undefined = inputs.get("dimensions");
    const okActions = inputs.get("okActions");
    inputs.ignore("name");
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: name,
        OKActions: okActions,
        Tags: inputs.tagList(),
        Dimensions: Object.entries(dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
        ...inputs.rest(),
      } as never),
    );
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return MetricAlarms?.[0]?.AlarmArn;
  },
  "aws:cloudwatch/dashboard:Dashboard": async ({ cloudwatch, inputs }) => {
    const DashboardName = inputs.get("dashboardName");
    const { DashboardValidationMessages = [] } = await cloudwatch.send(
      new PutDashboardCommand({ DashboardName, DashboardBody: inputs.get("dashboardBody") }),
    );
    if (DashboardValidationMessages.length > 0)
      throw new Error(
        `dashboard ${DashboardName}: ${JSON.stringify(pascalKeys(DashboardValidationMessages))}`,
      );
    const { DashboardArn } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
    return DashboardArn;
  },
};
