import { matchesGlob } from "node:path";
import * as z from "zod";
import { NotEmulatedError } from "../aws/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { type CrawlTarget, parseTarget } from "./table-layout.ts";

export const CRAWLER_TYPE = "aws:glue/crawler:Crawler";

/** A crawler of the program. Defaults: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCrawler.html */
export interface CrawlerDefinition {
  readonly name: string;
  readonly roleArn: string;
  readonly databaseName: string;
  readonly targets: readonly CrawlTarget[];
  readonly tablePrefix: string;
  /** EventBridge cron, UTC. */
  readonly schedule: string | undefined;
  readonly recrawlBehavior: "CRAWL_EVERYTHING" | "CRAWL_NEW_FOLDERS_ONLY";
  readonly updateBehavior: "LOG" | "UPDATE_IN_DATABASE";
  readonly deleteBehavior: "LOG" | "DELETE_FROM_DATABASE" | "DEPRECATE_IN_DATABASE";
  /** Whether the crawler's exclusions leave out a key, relative to its target. */
  readonly excludes: (relativeKey: string) => boolean;
}

const inputsSchema = z.object({
  role: z.string(),
  databaseName: z.string(),
  s3Targets: z
    .array(z.object({ path: z.string(), exclusions: z.array(z.string()).default([]) }))
    .min(1, "a crawler without S3 targets is not emulated"),
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

/** Parts of the configuration whose behaviour this run has: https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html */
const configurationSchema = z.strictObject({
  Version: z.number(),
  Grouping: z.strictObject({ TableGroupingPolicy: z.literal("CombineCompatibleSchemas") }).optional(),
  CrawlerOutput: z
    .strictObject({ Partitions: z.strictObject({ AddOrUpdateBehavior: z.literal("InheritFromTable") }) })
    .optional(),
});

/** The crawlers of the program. Throws NotEmulatedError naming a crawler and the setting that this run lacks. */
export function crawlersOf(graph: Graph): CrawlerDefinition[] {
  return resourcesOfType(graph, CRAWLER_TYPE).map((resource) => crawlerOf(graph, resource));
}

function crawlerOf(graph: Graph, resource: Resource): CrawlerDefinition {
  const name = String(resource.outputs.name ?? resource.name);
  const parsed = inputsSchema.safeParse(resource.inputs);
  if (!parsed.success) throw new NotEmulatedError(`crawler ${name}: ${z.prettifyError(parsed.error)}`);
  const { role, s3Targets, recrawlPolicy, schemaChangePolicy, configuration, ...inputs } = parsed.data;
  checkConfiguration(name, configuration);
  const exclusions = s3Targets.flatMap((target) => target.exclusions);
  return {
    ...inputs,
    ...recrawlPolicy,
    ...schemaChangePolicy,
    name,
    // A role of a service path can be given by its name alone.
    roleArn: role.startsWith("arn:") ? role : `arn:aws:iam::${graph.accountId}:role/${role}`,
    schedule: inputs.schedule,
    targets: s3Targets.map(({ path }) => parseTarget(path)),
    excludes: (relativeKey) => exclusions.some((pattern) => matchesGlob(relativeKey, pattern)),
  };
}

function checkConfiguration(name: string, text: string | undefined): void {
  if (text === undefined) return;
  const parsed = configurationSchema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new NotEmulatedError(`crawler ${name}, configuration: ${z.prettifyError(parsed.error)}`);
}
