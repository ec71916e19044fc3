import { join } from "node:path";
import { AthenaClient } from "@aws-sdk/client-athena";
import type { Table } from "@aws-sdk/client-glue";
import * as z from "zod";
import { createVirtualClock } from "../../../local/clock/virtual-clock.ts";
import { type Cloud, startCloud } from "../../../local/cloud.ts";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import { readSavedQueries } from "../../../queries/saved-queries.ts";
import { projectDirectory } from "../../infra/program.ts";
import { literals, query } from "./athena.ts";
import type { Delivery, Observed } from "./observed.ts";
import type { Publication } from "./publications.ts";
import type { Replayed } from "./replayed.ts";

const attributeSchema = z.object({ DataType: z.string(), StringValue: z.string() });
const publishSchema = z.object({
  TopicArn: z.string(),
  Subject: z.string().optional(),
  MessageStructure: z.string().optional(),
  Message: z.string(),
  MessageAttributes: z.record(z.string(), attributeSchema).default({}),
});

/** Runs the replay on the local cloud, as `npm start` does, and its saved queries through the Athena client. */
export async function runLocally(replayed: Replayed, directory: string): Promise<Observed> {
  const { graph, receiver, start, end } = replayed;
  const clock = createVirtualClock({ start });
  replayed.setNow(() => clock.now());
  const cloud = await startCloud({ graph, directory, clock });
  const before = receiver.received.length;
  try {
    const publications = watchPublications(cloud);
    await clock.run({ speed: "max", until: end });
    await cloud.glue.startWorkflow(String(graph.outputs.workflow));
    const problems = cloud.problems();
    if (problems.length > 0) throw new Error(`the local run has problems: ${JSON.stringify(problems)}`);
    return {
      publications,
      deliveries: deliveriesOf(graph, cloud),
      webhooks: receiver.received
        .slice(before)
        .map(({ body }) => body)
        .sort(),
      bucketDirectory: join(directory, "s3", String(graph.outputs.bucket)),
      queries: await runSavedQueries(replayed, cloud),
      tables: await tablesOf(graph, cloud),
    };
  } finally {
    await cloud.stop();
  }
}

function watchPublications(cloud: Cloud): Publication[] {
  const publications: Publication[] = [];
  cloud.gateway.observe(({ service, operation, input }) => {
    if (service !== "sns" || operation !== "Publish") return;
    const { TopicArn, Subject, MessageStructure, Message, MessageAttributes } = publishSchema.parse(input);
    publications.push({
      topicArn: TopicArn,
      subject: Subject,
      structure: MessageStructure,
      message: Message,
      attributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
          name,
          [DataType, StringValue] as const,
        ]),
      ),
    });
  });
  return publications;
}

/** What phones and mailboxes got, by the name of their subscription. */
function deliveriesOf(graph: Graph, cloud: Cloud): Record<string, Delivery[]> {
  const subscriptions = resourcesOfType(graph, "aws:sns/topicSubscription:TopicSubscription");
  return Object.fromEntries(
    subscriptions
      .filter(({ inputs }) => inputs.protocol === "sms" || inputs.protocol === "email")
      .map(({ name, inputs }) => [
        name,
        cloud.outbox.messages
          .filter(({ protocol, endpoint }) => protocol === inputs.protocol && endpoint === inputs.endpoint)
          .map(({ subject, message, attributes }) => ({ subject, message, attributes })),
      ]),
  );
}

async function runSavedQueries(
  { graph, lastDay }: Replayed,
  { url, operator }: Cloud,
): Promise<Observed["queries"]> {
  const athena = new AthenaClient({ endpoint: url, region: graph.region, credentials: operator });
  const place = {
    athena,
    database: String(graph.outputs.database),
    workgroup: String(graph.outputs.workgroup),
  };
  const answers: Record<string, Observed["queries"][string]> = {};
  try {
    for (const saved of readSavedQueries(join(projectDirectory, "queries")))
      answers[saved.name] = await query(place, saved.sql, literals(saved, lastDay));
  } finally {
    athena.destroy();
  }
  return answers;
}

async function tablesOf(graph: Graph, { gateway, operator }: Cloud): Promise<Table[]> {
  const databases = resourcesOfType(graph, "aws:glue/catalogDatabase:CatalogDatabase");
  const lists = await Promise.all(
    databases.map(({ outputs }) =>
      gateway.call<{ TableList: Table[] }>(operator, "glue", "GetTables", { DatabaseName: outputs.name }),
    ),
  );
  return lists.flatMap(({ TableList }) => TableList);
}
