import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import { partitionId } from "../catalog.ts";
import { partitionInputSchema } from "../catalog-shapes.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_BatchUpdatePartition.html; what is not there is an error of its own */
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
