import type { Operation } from "../../endpoint/operation.ts";
import { batchCreatePartition } from "./batch-create-partition.ts";
import { batchDeletePartition } from "./batch-delete-partition.ts";
import { batchUpdatePartition } from "./batch-update-partition.ts";
import type { GlueContext } from "./context.ts";
import { createTable } from "./create-table.ts";
import { getCrawler } from "./get-crawler.ts";
import { getDatabase } from "./get-database.ts";
import { getDatabases } from "./get-databases.ts";
import { getJobRun } from "./get-job-run.ts";
import { getJobRuns } from "./get-job-runs.ts";
import { getPartitions } from "./get-partitions.ts";
import { getTable } from "./get-table.ts";
import { getTables } from "./get-tables.ts";
import { getWorkflowRun } from "./get-workflow-run.ts";
import { startCrawler } from "./start-crawler.ts";
import { startJobRun } from "./start-job-run.ts";
import { startWorkflowRun } from "./start-workflow-run.ts";
import { updateTable } from "./update-table.ts";

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
