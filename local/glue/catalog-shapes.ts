import * as z from "zod";
import { timestamp } from "../endpoint/shapes.ts";

/** Shapes of the Data Catalog: https://docs.aws.amazon.com/glue/latest/webapi/API_Table.html */
export const columnSchema = z.strictObject({
  Name: z.string(),
  Type: z.string(),
  Comment: z.string().optional(),
});
export type Column = z.infer<typeof columnSchema>;

export const storageDescriptorSchema = z.strictObject({
  Columns: z.array(columnSchema),
  Location: z.string(),
  InputFormat: z.string(),
  OutputFormat: z.string(),
  Compressed: z.boolean().optional(),
  NumberOfBuckets: z.number().optional(),
  SerdeInfo: z.strictObject({
    SerializationLibrary: z.string(),
    Parameters: z.record(z.string(), z.string()).optional(),
  }),
  Parameters: z.record(z.string(), z.string()).optional(),
  StoredAsSubDirectories: z.boolean().optional(),
});
export type StorageDescriptor = z.infer<typeof storageDescriptorSchema>;

/** What CreateTable and UpdateTable take. */
export const tableInputSchema = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  StorageDescriptor: storageDescriptorSchema,
  PartitionKeys: z.array(columnSchema).default([]),
  TableType: z.string().default("EXTERNAL_TABLE"),
  Parameters: z.record(z.string(), z.string()).default({}),
});
export type TableInput = z.infer<typeof tableInputSchema>;

export const catalogTableSchema = tableInputSchema.extend({
  DatabaseName: z.string(),
  CreateTime: timestamp(),
  UpdateTime: timestamp(),
});
export type CatalogTable = z.infer<typeof catalogTableSchema>;

export const partitionInputSchema = z.strictObject({
  Values: z.array(z.string()),
  StorageDescriptor: storageDescriptorSchema,
  Parameters: z.record(z.string(), z.string()).optional(),
});
export type PartitionInput = z.infer<typeof partitionInputSchema>;

export const catalogPartitionSchema = partitionInputSchema.extend({
  DatabaseName: z.string(),
  TableName: z.string(),
  CreationTime: timestamp(),
});
export type CatalogPartition = z.infer<typeof catalogPartitionSchema>;
