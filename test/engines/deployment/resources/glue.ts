import {
  CrawlState,
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  CreateJobCommand,
  CreateTableCommand,
  CreateTriggerCommand,
  CreateWorkflowCommand,
  DeleteBehavior,
  JobRunState,
  LogicalOperator,
  RecrawlBehavior,
  TriggerType,
  UpdateBehavior,
  WorkerType,
} from "@aws-sdk/client-glue";
import * as z from "zod";
import { type Creates, resource, tags } from "../definition.ts";
import { pascalKeys } from "../pascal-keys.ts";

const column = z.strictObject({ name: z.string(), type: z.string(), comment: z.string().optional() });

const condition = z.strictObject({
  jobName: z.string().optional(),
  state: z.enum(JobRunState).optional(),
  crawlerName: z.string().optional(),
  crawlState: z.enum(CrawlState).optional(),
  logicalOperator: z.enum(LogicalOperator).default("EQUALS"), // the provider's default; Glue has none
});

/** Crawler, job, trigger and workflow are kept by the emulators that we know, and never run. */
export const GLUE: Creates = {
  "aws:glue/catalogDatabase:CatalogDatabase": resource(
    { name: z.string().optional(), description: z.string().optional(), tags },
    async ({ glue, name, inputs: { description, tags } }) => {
      await glue.send(
        new CreateDatabaseCommand({ Tags: tags, DatabaseInput: { Name: name, Description: description } }),
      );
      return undefined;
    },
  ),
  "aws:glue/catalogTable:CatalogTable": resource(
    {
      name: z.string().optional(),
      databaseName: z.string(),
      description: z.string().optional(),
      tableType: z.string(),
      parameters: z.record(z.string(), z.string()),
      partitionKeys: z.array(column).optional(),
      storageDescriptor: z.strictObject({
        columns: z.array(column),
        location: z.string(),
        inputFormat: z.string(),
        outputFormat: z.string(),
        compressed: z.boolean().optional(),
        serDeInfo: z.strictObject({
          serializationLibrary: z.string(),
          parameters: z.record(z.string(), z.string()).optional(),
        }),
      }),
    },
    async ({ glue, name, inputs: { name: _, databaseName, parameters, storageDescriptor, ...rest } }) => {
      const { serDeInfo, ...storage } = storageDescriptor;
      const { serializationLibrary: SerializationLibrary, parameters: Parameters } = serDeInfo;
      await glue.send(
        new CreateTableCommand({
          DatabaseName: databaseName,
          TableInput: {
            Name: name,
            Parameters: parameters,
            StorageDescriptor: { ...pascalKeys(storage), SerdeInfo: { SerializationLibrary, Parameters } },
            ...pascalKeys(rest),
          },
        }),
      );
      return undefined;
    },
  ),
  "aws:glue/crawler:Crawler": resource(
    {
      databaseName: z.string(),
      role: z.string(),
      configuration: z.string().optional(),
      s3Targets: z.array(z.strictObject({ path: z.string() })).optional(),
      catalogTargets: z
        .array(z.strictObject({ databaseName: z.string(), tables: z.array(z.string()) }))
        .optional(),
      recrawlPolicy: z.strictObject({ recrawlBehavior: z.enum(RecrawlBehavior) }).optional(),
      schemaChangePolicy: z.strictObject({
        deleteBehavior: z.enum(DeleteBehavior),
        updateBehavior: z.enum(UpdateBehavior),
      }),
      tags,
    },
    async ({ glue, name, inputs: { s3Targets, catalogTargets, tags, ...rest } }) => {
      await glue.send(
        new CreateCrawlerCommand({
          Name: name,
          Tags: tags,
          Targets: pascalKeys({ s3Targets, catalogTargets }),
          ...pascalKeys(rest),
        }),
      );
      return undefined;
    },
  ),
  "aws:glue/job:Job": resource(
    {
      roleArn: z.string(),
      command: z.strictObject({ name: z.string(), pythonVersion: z.string(), scriptLocation: z.string() }),
      defaultArguments: z.record(z.string(), z.string()),
      description: z.string().optional(),
      executionProperty: z.strictObject({ maxConcurrentRuns: z.number() }).optional(),
      glueVersion: z.string(),
      maxRetries: z.number().optional(),
      numberOfWorkers: z.number(),
      workerType: z.enum(WorkerType),
      timeout: z.number().optional(),
      tags,
    },
    async ({ glue, name, inputs: { roleArn, defaultArguments, tags, ...rest } }) => {
      await glue.send(
        new CreateJobCommand({
          Name: name,
          Tags: tags,
          Role: roleArn,
          DefaultArguments: defaultArguments,
          ...pascalKeys(rest),
        }),
      );
      return undefined;
    },
  ),
  "aws:glue/trigger:Trigger": resource(
    {
      workflowName: z.string(),
      type: z.enum(TriggerType),
      schedule: z.string().optional(),
      actions: z.array(
        z.strictObject({ jobName: z.string().optional(), crawlerName: z.string().optional() }),
      ),
      predicate: z.strictObject({ conditions: z.array(condition) }).optional(),
      tags,
    },
    async ({ glue, name, inputs: { tags, ...rest } }) => {
      await glue.send(new CreateTriggerCommand({ Name: name, Tags: tags, ...pascalKeys(rest) }));
      return undefined;
    },
  ),
  "aws:glue/workflow:Workflow": resource(
    { description: z.string().optional(), tags },
    async ({ glue, name, inputs: { description, tags } }) => {
      await glue.send(new CreateWorkflowCommand({ Name: name, Tags: tags, Description: description }));
      return undefined;
    },
  ),
};
