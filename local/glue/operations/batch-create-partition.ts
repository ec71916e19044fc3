import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import { partitionId } from "../catalog.ts";
import { partitionInputSchema } from "../catalog-shapes.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_BatchCreatePartition.html; what is there already is an error of its own */
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
