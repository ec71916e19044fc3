import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { partitionId, partitionInputSchema, tableInputSchema } from "../catalog.ts";
import { catalogPermissions, type GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetDatabase.html */
export function getDatabase({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ CatalogId: z.string().optional(), Name: z.string() }),
    permissions: ({ Name }) => catalogPermissions(graph, "GetDatabase", Name),
    run({ Name }) {
      if (!catalog.databaseNames().includes(Name)) {
        throw new AwsError("EntityNotFoundException", `Database ${Name} not found.`);
      }
      return { Database: { Name, CatalogId: graph.accountId } };
    },
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetDatabases.html, all on one page */
export function getDatabases({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ CatalogId: z.string().optional(), MaxResults: z.number().optional() }),
    permissions: () => catalogPermissions(graph, "GetDatabases"),
    run: () => ({
      DatabaseList: catalog.databaseNames().map((Name) => ({ Name, CatalogId: graph.accountId })),
    }),
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetTable.html */
export function getTable({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ CatalogId: z.string().optional(), DatabaseName: z.string(), Name: z.string() }),
    permissions: ({ DatabaseName, Name }) => catalogPermissions(graph, "GetTable", DatabaseName, Name),
    run: ({ DatabaseName, Name }) => ({ Table: catalog.table(DatabaseName, Name) }),
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetTables.html, all on one page */
export function getTables({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      MaxResults: z.number().optional(),
    }),
    permissions: ({ DatabaseName }) => catalogPermissions(graph, "GetTables", DatabaseName, "*"),
    run: ({ DatabaseName }) => ({ TableList: catalog.tables(DatabaseName) }),
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_CreateTable.html */
export function createTable({ graph, clock, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableInput: tableInputSchema,
    }),
    permissions: ({ DatabaseName, TableInput }) =>
      catalogPermissions(graph, "CreateTable", DatabaseName, TableInput.Name),
    async run({ DatabaseName, TableInput }) {
      if (catalog.hasTable(DatabaseName, TableInput.Name)) {
        throw new AwsError("AlreadyExistsException", `Table ${TableInput.Name} already exists.`);
      }
      const now = clock.now();
      await catalog.putTable({ ...TableInput, DatabaseName, CreateTime: now, UpdateTime: now });
      return {};
    },
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateTable.html */
export function updateTable({ graph, clock, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableInput: tableInputSchema,
    }),
    permissions: ({ DatabaseName, TableInput }) =>
      catalogPermissions(graph, "UpdateTable", DatabaseName, TableInput.Name),
    async run({ DatabaseName, TableInput }) {
      const { CreateTime } = catalog.table(DatabaseName, TableInput.Name);
      await catalog.putTable({ ...TableInput, DatabaseName, CreateTime, UpdateTime: clock.now() });
      return {};
    },
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html, all on one page, without filter expressions */
export function getPartitions({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableName: z.string(),
      MaxResults: z.number().optional(),
    }),
    permissions: ({ DatabaseName, TableName }) =>
      catalogPermissions(graph, "GetPartitions", DatabaseName, TableName),
    run: ({ DatabaseName, TableName }) => ({ Partitions: catalog.partitions(DatabaseName, TableName) }),
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_BatchCreatePartition.html; each existing partition is an error entry */
export function batchCreatePartition({ graph, clock, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableName: z.string(),
      PartitionInputList: z.array(partitionInputSchema).max(100),
    }),
    permissions: ({ DatabaseName, TableName }) =>
      catalogPermissions(graph, "BatchCreatePartition", DatabaseName, TableName),
    async run({ DatabaseName, TableName, PartitionInputList }) {
      const known = new Set(
        catalog.partitions(DatabaseName, TableName).map(({ Values }) => partitionId(Values)),
      );
      const isKnown = ({ Values }: { Values: readonly string[] }) => known.has(partitionId(Values));
      const CreationTime = clock.now();
      const added = PartitionInputList.filter((partition) => !isKnown(partition));
      const partitions = added.map((partition) => ({ ...partition, DatabaseName, TableName, CreationTime }));
      await catalog.putPartitions(DatabaseName, TableName, partitions);
      return {
        Errors: PartitionInputList.filter(isKnown).map(({ Values }) => ({
          PartitionValues: Values,
          ErrorDetail: { ErrorCode: "AlreadyExistsException", ErrorMessage: "Partition already exists." },
        })),
      };
    },
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_BatchUpdatePartition.html; each missing partition is an error entry */
export function batchUpdatePartition({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableName: z.string(),
      Entries: z
        .array(
          z.strictObject({ PartitionValueList: z.array(z.string()), PartitionInput: partitionInputSchema }),
        )
        .min(1)
        .max(100),
    }),
    permissions: ({ DatabaseName, TableName }) =>
      catalogPermissions(graph, "BatchUpdatePartition", DatabaseName, TableName),
    async run({ DatabaseName, TableName, Entries }) {
      const known = new Map(
        catalog
          .partitions(DatabaseName, TableName)
          .map((partition) => [partitionId(partition.Values), partition]),
      );
      const updated = Entries.flatMap(({ PartitionValueList, PartitionInput }) => {
        const partition = known.get(partitionId(PartitionValueList));
        return partition === undefined ? [] : [{ ...partition, ...PartitionInput }];
      });
      await catalog.putPartitions(DatabaseName, TableName, updated);
      return {
        Errors: Entries.filter(({ PartitionValueList }) => !known.has(partitionId(PartitionValueList))).map(
          ({ PartitionValueList }) => ({
            PartitionValueList,
            ErrorDetail: { ErrorCode: "EntityNotFoundException", ErrorMessage: "Partition not found." },
          }),
        ),
      };
    },
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_BatchDeletePartition.html */
export function batchDeletePartition({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableName: z.string(),
      PartitionsToDelete: z.array(z.strictObject({ Values: z.array(z.string()) })),
    }),
    permissions: ({ DatabaseName, TableName }) =>
      catalogPermissions(graph, "BatchDeletePartition", DatabaseName, TableName),
    async run({ DatabaseName, TableName, PartitionsToDelete }) {
      const values = PartitionsToDelete.map(({ Values }) => Values);
      await catalog.removePartitions(DatabaseName, TableName, values);
      return { Errors: [] };
    },
  });
}
