import { matchesGlob } from "node:path";
import * as z from "zod";
import { AwsError, NotEmulatedError } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { type CrawlTarget, parseTarget } from "./table-layout.ts";

export const CRAWLER_TYPE = "aws:glue/crawler:Crawler";

/** A crawler of the program. Defaults: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCrawler.html */
export interface CrawlerDefinition {
  readonly name: string;
  readonly roleArn: string;
  readonly databaseName: string;
  /** Folders from which the crawler creates tables. */
  readonly targets: readonly CrawlTarget[];
  /** Existing tables that the crawler updates; with these it creates no tables. */
  readonly tables: readonly TableTarget[];
  readonly tablePrefix: string;
  /** EventBridge cron, UTC. */
  readonly schedule: string | undefined;
  readonly recrawlBehavior: "CRAWL_EVERYTHING" | "CRAWL_NEW_FOLDERS_ONLY";
  readonly updateBehavior: "LOG" | "UPDATE_IN_DATABASE";
  readonly deleteBehavior: "LOG" | "DELETE_FROM_DATABASE" | "DEPRECATE_IN_DATABASE";
  /** Whether the crawler's exclusions match a key, relative to its target. */
  readonly excludes: (relativeKey: string) => boolean;
}

export interface TableTarget {
  readonly databaseName: string;
  readonly name: string;
}

const inputsSchema = z.object({
  role: z.string(),
  databaseName: z.string(),
  s3Targets: z.array(z.object({ path: z.string(), exclusions: z.array(z.string()).default([]) })).default([]),
  catalogTargets: z
    .array(z.strictObject({ databaseName: z.string(), tables: z.array(z.string()).min(1) }))
    .default([]),
  tablePrefix: z.string().default(""),
  schedule: z.string().optional(),
  recrawlPolicy: z
    .object({
      recrawlBehavior: z.enum(["CRAWL_EVERYTHING", "CRAWL_NEW_FOLDERS_ONLY"]).default("CRAWL_EVERYTHING"),
    })
    .default({ recrawlBehavior: "CRAWL_EVERYTHING" }),
  schemaChangePolicy: z
    .object({
      updateBehavior: z.enum(["LOG", "UPDATE_IN_DATABASE"]).default("UPDATE_IN_DATABASE"),
      deleteBehavior: z
        .enum(["LOG", "DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE"])
        .default("DEPRECATE_IN_DATABASE"),
    })
    .default({ updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "DEPRECATE_IN_DATABASE" }),
  configuration: z.string().optional(),
});

/** The emulated parts of the configuration: https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html */
const configurationSchema = z.strictObject({
  Version: z.number(),
  /** Partition indexes are not emulated; they would not change the result of a query. */
  CreatePartitionIndex: z.literal(false).optional(),
  Grouping: z.strictObject({ TableGroupingPolicy: z.literal("CombineCompatibleSchemas") }).optional(),
  CrawlerOutput: z
    .strictObject({ Partitions: z.strictObject({ AddOrUpdateBehavior: z.literal("InheritFromTable") }) })
    .optional(),
});

/** The crawlers of the program. Throws NotEmulatedError naming a crawler and the setting that is not emulated. */
export function crawlersOf(graph: Graph): CrawlerDefinition[] {
  return resourcesOfType(graph, CRAWLER_TYPE).map((resource) => crawlerOf(graph, resource));
}

function crawlerOf(graph: Graph, resource: Resource): CrawlerDefinition {
  const name = String(resource.outputs.name ?? resource.name);
  const parsed = inputsSchema.safeParse(resource.inputs);
  if (!parsed.success) throw new NotEmulatedError(`crawler ${name}: ${z.prettifyError(parsed.error)}`);
  const { role, s3Targets, catalogTargets, recrawlPolicy, schemaChangePolicy, configuration, ...inputs } =
    parsed.data;
  checkConfiguration(name, configuration);
  checkTargets(name, parsed.data);
  const exclusions = s3Targets.flatMap((target) => target.exclusions);
  return {
    ...inputs,
    ...recrawlPolicy,
    ...schemaChangePolicy,
    name,
    // The role can be a name instead of an ARN.
    roleArn: role.startsWith("arn:") ? role : `arn:aws:iam::${graph.accountId}:role/${role}`,
    schedule: inputs.schedule,
    targets: s3Targets.map(({ path }) => parseTarget(path)),
    tables: catalogTargets.flatMap(({ databaseName, tables }) =>
      tables.map((table) => ({ databaseName, name: table })),
    ),
    excludes: (relativeKey) => exclusions.some((pattern) => matchesGlob(relativeKey, pattern)),
  };
}

/**
 * Rejects what CreateCrawler rejects: https://docs.aws.amazon.com/glue/latest/dg/incremental-crawls.html and
 * https://docs.aws.amazon.com/glue/latest/dg/define-crawler-choose-data-sources.html
 */
function checkTargets(name: string, inputs: z.infer<typeof inputsSchema>): void {
  const { s3Targets, catalogTargets, recrawlPolicy, schemaChangePolicy } = inputs;
  const reject = (reason: string) => {
    throw new AwsError("InvalidInputException", `crawler ${name}: ${reason}`);
  };
  if (s3Targets.length === 0 && catalogTargets.length === 0)
    throw new NotEmulatedError(`crawler ${name} without S3 or catalog targets`);
  if (s3Targets.length > 0 && catalogTargets.length > 0)
    reject("a crawler of catalog targets can have no others");
  if (catalogTargets.length > 0 && schemaChangePolicy.deleteBehavior !== "LOG")
    reject("catalog targets can have only LOG DeleteBehavior value");
  if (recrawlPolicy.recrawlBehavior !== "CRAWL_NEW_FOLDERS_ONLY") return;
  if (catalogTargets.length > 0)
    reject('RecrawlBehavior "Crawl new folders only" can only apply to Amazon S3 target.');
  if (schemaChangePolicy.updateBehavior !== "LOG" || schemaChangePolicy.deleteBehavior !== "LOG")
    reject(
      'The SchemaChangePolicy for "Crawl new folders only" Amazon S3 target can have only LOG DeleteBehavior value and LOG UpdateBehavior value.',
    );
}

function checkConfiguration(name: string, text: string | undefined): void {
  if (text === undefined) return;
  const parsed = configurationSchema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new NotEmulatedError(`crawler ${name}, configuration: ${z.prettifyError(parsed.error)}`);
}
