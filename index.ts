import { fileURLToPath } from "node:url";
import { readSavedQueries } from "./etl/saved-queries.ts";
import { TABLES } from "./etl/tables.ts";
import { AlertTopic } from "./infra/alert-topic.ts";
import { bundleCallbackFunctions } from "./infra/bundle.ts";
import { readConfig } from "./infra/config.ts";
import { AlertConsumer, ArchiveConsumer } from "./infra/consumers.ts";
import { Etl } from "./infra/etl.ts";
import { GoldCatalog } from "./infra/gold-catalog.ts";
import { LakeBucket } from "./infra/lake-bucket.ts";
import { Messages } from "./infra/messages.ts";
import { Operations } from "./infra/operations.ts";
import { OpsTopic } from "./infra/ops-topic.ts";
import { Producer } from "./infra/producer.ts";
import { RawCatalog } from "./infra/raw-catalog.ts";
import { SavedQueries } from "./infra/saved-queries.ts";
import { Stations } from "./infra/stations.ts";
import { ObservationStream } from "./infra/stream.ts";
import { Webhooks } from "./infra/webhooks.ts";

const project = fileURLToPath(new URL(".", import.meta.url));
const config = readConfig();
const { logRetentionDays } = config;
bundleCallbackFunctions(project);

// weather API -> stream
const stream = new ObservationStream("observations", config.stream);
const producer = new Producer("produce", { ...config, stream });

// stream -> alerts by SMS, e-mail and webhook; messages at their day and hour
const lake = new LakeBucket("lake", { ...config.lake, protect: config.protect });
const topic = new AlertTopic("alerts", config);
const alert = new AlertConsumer("alert", { ...config, stream, lake, topic });
const messages = new Messages("messages", { ...config, lake, topic });
const webhooks = new Webhooks("webhooks", { ...config, lake, topic });

// stream -> raw JSON -> Parquet -> saved queries
const archive = new ArchiveConsumer("archive", { stream, lake, batch: config.archive, logRetentionDays });
const raw = new RawCatalog("raw", { lake });
const gold = new GoldCatalog("gold", { lake, tables: TABLES });
const etl = new Etl("etl", { lake, raw, gold, schedule: config.lake.schedule });
const queries = new SavedQueries("queries", {
  ...config.lake,
  lake,
  gold,
  queries: readSavedQueries(`${project}/queries`),
});

// what tells that it works
const ops = new OpsTopic("operations", { email: config.opsEmail });
const stations = new Stations("stations", { ...config, lake, topic: ops });
const functions = {
  produce: producer.function.function,
  alert: alert.function.function,
  archive: archive.function.function,
  notify: messages.function.function,
  ...webhooks.functions,
  watch: stations.function.function,
};
new Operations("operations", { functions, consumers: ["alert", "archive"], topic: ops });

export const bucket = lake.bucket.bucket;
export const streamName = stream.stream.name;
export const topicArn = topic.topic.arn;
export const pollRule = producer.rule.name;
export const workflow = etl.workflow.name;
export const workgroup = queries.workgroup.name;
export const database = gold.database.name;
