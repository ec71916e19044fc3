import { fileURLToPath } from "node:url";
import { readConfig } from "./config/config.ts";
import { callBudget, silenceRule } from "./config/polling.ts";
import { TABLES } from "./etl/tables.ts";
import { AlertTopic } from "./infra/alert-topic.ts";
import { bundleCallbackFunctions } from "./infra/bundle.ts";
import { linkConsole } from "./infra/console-links.ts";
import { AlertConsumer, ArchiveConsumer } from "./infra/consumers.ts";
import { Etl } from "./infra/etl.ts";
import { GoldCatalog } from "./infra/gold-catalog.ts";
import { LakeBucket } from "./infra/lake-bucket.ts";
import { Messages } from "./infra/messages.ts";
import { Operations } from "./infra/operations.ts";
import { OpsTopic } from "./infra/ops-topic.ts";
import { Producer } from "./infra/producer.ts";
import { RawCatalog } from "./infra/raw-catalog.ts";
import { declaredQueries, SavedQueries } from "./infra/saved-queries.ts";
import { Stations } from "./infra/stations.ts";
import { ObservationStream } from "./infra/stream.ts";
import { tagEverything } from "./infra/tags.ts";
import { Webhooks } from "./infra/webhooks.ts";

const project = fileURLToPath(new URL(".", import.meta.url));
const config = readConfig(); // throws before any resource is declared
const { locations, alerting, wording, language, poll, runbookUrl, protect, logRetentionDays } = config;
const calls = callBudget(config, locations.length);
const silence = silenceRule(poll, config.stations.silentAfterPolls);
// Transformations apply to resources that are declared after them.
bundleCallbackFunctions(project);
tagEverything(config.costCenter);

// weather API -> stream
const stream = new ObservationStream("observations", { ...config.stream, protect });
const producer = new Producer("produce", {
  source: config.source,
  apiKey: config.apiKey,
  poll,
  calls,
  locations,
  stream,
  logRetentionDays,
});

// stream -> alerts by SMS, e-mail and webhook; scheduled messages
const { subscriptions, groups } = config;
const lake = new LakeBucket("lake", { rawRetentionDays: config.lake.rawRetentionDays, protect });
const topic = new AlertTopic("alerts", { subscriptions, groups, language, key: stream.key, protect });
const alert = new AlertConsumer("alert", {
  locations,
  alerting,
  wording,
  stream,
  lake,
  topic,
  logRetentionDays,
});
const messages = new Messages("messages", {
  messages: config.messages,
  locations,
  alerting,
  wording,
  lake,
  topic,
  logRetentionDays,
});
const webhooks = new Webhooks("webhooks", {
  webhooks: config.webhooks,
  groups,
  language,
  lake,
  topic,
  logRetentionDays,
});

// stream -> raw JSON -> Parquet -> saved queries
const archive = new ArchiveConsumer("archive", { stream, lake, batch: config.archive, logRetentionDays });
const raw = new RawCatalog("raw", { lake });
const gold = new GoldCatalog("gold", { lake, tables: TABLES });
const etl = new Etl("etl", {
  schedule: config.lake.schedule,
  jobSchedule: config.lake.jobSchedule,
  lake,
  raw,
  gold,
  logRetentionDays,
});
const queries = new SavedQueries("queries", {
  queries: declaredQueries(project),
  scanLimitMegabytes: config.lake.scanLimitMegabytes,
  lake,
  gold,
});

// functions, stream, topic and lake -> alarms, dashboard and notifications of ops
const ops = new OpsTopic("operations", { email: config.opsEmail, key: stream.key });
const stations = new Stations("stations", {
  locations,
  poll,
  silence,
  silences: config.silences,
  language,
  wording,
  runbookUrl,
  lake,
  topic: ops,
  logRetentionDays,
});
const operations = new Operations("operations", {
  monitored: {
    functions: {
      produce: producer.function.function,
      alert: alert.function.function,
      archive: archive.function.function,
      notify: messages.function.function,
      watch: stations.function.function,
    },
    webhooks: webhooks.functions,
    stream: stream.stream,
    topic: topic.topic,
    calls,
    silentAfterSeconds: silence.silentAfterSeconds,
    monthlySmsLimitUsd: config.sms.monthlyLimitUsd,
  },
  job: etl.job,
  crawlers: [raw.crawler, gold.crawler],
  lake,
  topic: ops,
  runbookUrl,
});

export const bucket = lake.bucket.bucket;
export const streamName = stream.stream.name;
export const topicArn = topic.topic.arn;
export const pollRule = producer.rule.name;
export const workflow = etl.workflow.name;
export const workgroup = queries.workgroup.name;
export const database = gold.database.name;
export const opsTopicArn = ops.topic.arn;
export const dashboard = operations.dashboard.dashboardName;
export const consoleLinks = linkConsole({
  bucket,
  stream: streamName,
  topicArn,
  workflow,
  workgroup,
  database,
  dashboard,
});
