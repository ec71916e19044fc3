import {
  CreateNamedQueryCommand,
  CreatePreparedStatementCommand,
  CreateWorkGroupCommand,
  GetWorkGroupCommand,
} from "@aws-sdk/client-athena";
import {
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  CreateJobCommand,
  CreateTableCommand,
  CreateTriggerCommand,
  CreateWorkflowCommand,
} from "@aws-sdk/client-glue";
import { pascalKeys } from "../inputs.ts";
import type { Creates } from "./resource.ts";

/** Of these only database, table, workgroup and named query do anything on MiniStack: crawler, job and workflow never run. */
export const LAKE: Creates = {
  "aws:glue/catalogDatabase:CatalogDatabase": async ({ glue, name, inputs }) => {
    inputs.ignore("name");
    const Tags = inputs.tags();
    await glue.send(new CreateDatabaseCommand({ Tags, DatabaseInput: { Name: name, ...inputs.rest() } }));
    return undefined;
  },
  "aws:glue/catalogTable:CatalogTable": async ({ glue, name, inputs }) => {
    inputs.ignore("name");
    const DatabaseName = inputs.get("databaseName");
    const parameters = inputs.get("parameters"); // their names are no field names
    const { SerDeInfo, ...storage } = pascalKeys(inputs.get("storageDescriptor"));
    await glue.send(
      new CreateTableCommand({
        DatabaseName,
        TableInput: {
          Name: name,
          Parameters: parameters,
          StorageDescriptor: { ...storage, SerdeInfo: SerDeInfo },
          ...inputs.rest(),
        },
      }),
    );
    return undefined;
  },
  "aws:glue/crawler:Crawler": async ({ glue, name, inputs }) => {
    const targets = { S3Targets: inputs.get("s3Targets"), CatalogTargets: inputs.get("catalogTargets") };
    await glue.send(
      new CreateCrawlerCommand({
        Name: name,
        Tags: inputs.tags(),
        Targets: pascalKeys(targets),
        ...inputs.rest(),
      } as never),
    );
    return undefined;
  },
  "aws:glue/job:Job": async ({ glue, name, inputs }) => {
    const defaults = inputs.get("defaultArguments"); // their names are no field names
    const Role = inputs.get("roleArn");
    await glue.send(
      new CreateJobCommand({
        Name: name,
        Tags: inputs.tags(),
        Role,
        DefaultArguments: defaults,
        ...inputs.rest(),
      } as never),
    );
    return undefined;
  },
  "aws:glue/trigger:Trigger": async ({ glue, name, inputs }) => {
    await glue.send(new CreateTriggerCommand({ Name: name, Tags: inputs.tags(), ...inputs.rest() } as never));
    return undefined;
  },
  "aws:glue/workflow:Workflow": async ({ glue, name, inputs }) => {
    await glue.send(new CreateWorkflowCommand({ Name: name, Tags: inputs.tags(), ...inputs.rest() }));
    return undefined;
  },
  "aws:athena/workgroup:Workgroup": async ({ athena, name, inputs }) => {
    inputs.ignore("forceDestroy");
    const { enforceWorkgroupConfiguration, ...configuration } = inputs.get("configuration");
    await athena.send(
      new CreateWorkGroupCommand({
        Name: name,
        Tags: inputs.tagList(),
        Configuration: {
          ...pascalKeys(configuration),
          EnforceWorkGroupConfiguration: enforceWorkgroupConfiguration,
        },
        ...inputs.rest(),
      }),
    );
    await athena.send(new GetWorkGroupCommand({ WorkGroup: name }));
    return undefined;
  },
  "aws:athena/preparedStatement:PreparedStatement": async ({ athena, name, inputs }) => {
    inputs.ignore("name");
    await athena.send(
      new CreatePreparedStatementCommand({
        StatementName: name,
        WorkGroup: inputs.get("workgroup"),
        ...inputs.rest(),
      } as never),
    );
    return undefined;
  },
  "aws:athena/namedQuery:NamedQuery": async ({ athena, name, inputs }) => {
    inputs.ignore("name");
    await athena.send(
      new CreateNamedQueryCommand({
        Name: name,
        QueryString: inputs.get("query"),
        WorkGroup: inputs.get("workgroup"),
        ...inputs.rest(),
      } as never),
    );
    return undefined;
  },
};
