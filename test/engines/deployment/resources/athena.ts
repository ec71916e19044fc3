import {
  CreateNamedQueryCommand,
  CreatePreparedStatementCommand,
  CreateWorkGroupCommand,
  EncryptionOption,
} from "@aws-sdk/client-athena";
import * as z from "zod";
import { type Creates, resource, tagList, tags } from "../definition.ts";
import { pascalKeys } from "../pascal-keys.ts";

export const ATHENA: Creates = {
  "aws:athena/workgroup:Workgroup": resource(
    {
      forceDestroy: z.boolean().optional(), // says something when the workgroup is destroyed only
      description: z.string().optional(),
      configuration: z.strictObject({
        bytesScannedCutoffPerQuery: z.number().optional(),
        enforceWorkgroupConfiguration: z.boolean(),
        engineVersion: z.strictObject({ selectedEngineVersion: z.string() }),
        resultConfiguration: z.strictObject({
          outputLocation: z.string(),
          encryptionConfiguration: z.strictObject({ encryptionOption: z.enum(EncryptionOption) }),
        }),
      }),
      tags,
    },
    async ({ athena, name, inputs: { description, configuration, tags } }) => {
      const { enforceWorkgroupConfiguration, ...rest } = configuration;
      await athena.send(
        new CreateWorkGroupCommand({
          Name: name,
          Tags: tagList(tags),
          Description: description,
          Configuration: {
            EnforceWorkGroupConfiguration: enforceWorkgroupConfiguration,
            ...pascalKeys(rest),
          },
        }),
      );
      return undefined;
    },
  ),
  "aws:athena/preparedStatement:PreparedStatement": resource(
    {
      name: z.string().optional(),
      description: z.string().optional(),
      workgroup: z.string(),
      queryStatement: z.string(),
    },
    async ({ athena, name, inputs: { description, workgroup, queryStatement } }) => {
      await athena.send(
        new CreatePreparedStatementCommand({
          StatementName: name,
          WorkGroup: workgroup,
          QueryStatement: queryStatement,
          Description: description,
        }),
      );
      return undefined;
    },
  ),
  "aws:athena/namedQuery:NamedQuery": resource(
    {
      name: z.string().optional(),
      description: z.string().optional(),
      database: z.string(),
      workgroup: z.string(),
      query: z.string(),
    },
    async ({ athena, name, inputs: { description, database, workgroup, query } }) => {
      await athena.send(
        new CreateNamedQueryCommand({
          Name: name,
          Database: database,
          WorkGroup: workgroup,
          QueryString: query,
          Description: description,
        }),
      );
      return undefined;
    },
  ),
};
