import type { Operation } from "../../endpoint/operation.ts";
import {
  batchCreatePartition,
  batchDeletePartition,
  batchUpdatePartition,
  createTable,
  getDatabase,
  getDatabases,
  getPartitions,
  getTable,
  getTables,
  updateTable,
} from "./catalog.ts";
import type { GlueContext } from "./context.ts";
import {
  getCrawler,
  getJobRun,
  getJobRuns,
  getWorkflowRun,
  startCrawler,
  startJobRun,
  startWorkflowRun,
} from "./runs.ts";

/** The operations of Glue that this run has, by name. */
export function glueOperations(context: GlueContext): Readonly<Record<string, Operation>> {
  return {
    BatchCreatePartition: batchCreatePartition(context),
    BatchDeletePartition: batchDeletePartition(context),
    BatchUpdatePartition: batchUpdatePartition(context),
    CreateTable: createTable(context),
    GetCrawler: getCrawler(context),
    GetDatabase: getDatabase(context),
    GetDatabases: getDatabases(context),
    GetJobRun: getJobRun(context),
    GetJobRuns: getJobRuns(context),
    GetPartitions: getPartitions(context),
    GetTable: getTable(context),
    GetTables: getTables(context),
    GetWorkflowRun: getWorkflowRun(context),
    StartCrawler: startCrawler(context),
    StartJobRun: startJobRun(context),
    StartWorkflowRun: startWorkflowRun(context),
    UpdateTable: updateTable(context),
  };
}
