import * as pulumi from "@pulumi/pulumi";
import type { Wording } from "../config/config.ts";
import type { WatchEvent, WatchReport } from "../handlers/watch.ts";
import type { SilenceRule } from "../handlers/weather/alerts/stations.ts";
import type { Language } from "../handlers/weather/messages/tags.ts";
import type { Location } from "../handlers/weather/observation/location.ts";
import type { Silence } from "../handlers/weather/rules/mute.ts";
import { HandlerFunction } from "./function.ts";
import { createInvocationRule } from "./invocation-rule.ts";
import type { LakeBucket } from "./lake-bucket.ts";
import type { OpsTopic } from "./ops-topic.ts";
import { opsFrame } from "./runbook.ts";

export interface StationsArgs {
  readonly lake: LakeBucket;
  /** The topic of ops. */
  readonly topic: OpsTopic;
  readonly locations: readonly Location[];
  readonly silence: SilenceRule;
  /** EventBridge schedule expression, UTC. */
  readonly poll: string;
  /** Language of the messages to ops. */
  readonly language: Language;
  readonly wording: Wording;
  /** Silences by name. */
  readonly silences: Readonly<Record<string, Silence>>;
  readonly logRetentionDays: number;
  /** URL of docs/runbook.md where it is published. */
  readonly runbookUrl?: string | undefined;
}

/** Checks after each poll which stations report, and notifies ops when one falls silent or is back. */
export class Stations extends pulumi.ComponentResource {
  readonly function: HandlerFunction<WatchEvent, WatchReport>;

  constructor(name: string, args: StationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:Stations", name, {}, opts);
    const parent = this;

    const watch = createFunction();
    createInvocationRule(
      "watch",
      {
        description: "When stations are looked after",
        scheduleExpression: args.poll,
        function: watch.function,
      },
      parent,
    );

    this.function = watch;
    this.registerOutputs();

    function createFunction() {
      const { locations, language, silence, silences } = args;
      const { languages, capSender, issuer } = args.wording;
      const { stack, runbook } = opsFrame(args.runbookUrl);
      const frame = { before: stack, after: runbook("silent-stations") };
      const topicArn = args.topic.topic.arn;
      const bucketName = args.lake.bucket.bucket;
      return new HandlerFunction<WatchEvent, WatchReport>(
        "watch",
        {
          callbackFactory: () => {
            const handler = import("#handlers/watch").then((m) =>
              m.createWatchHandler({
                bucketName: bucketName.get(),
                topicArn: topicArn.get(),
                locations,
                silence,
                language,
                languages,
                capSender,
                issuer,
                silences,
                frame,
              }),
            );
            return async (event) => (await handler)(event);
          },
          grants: [
            ...args.topic.publishGrants(),
            args.lake.grant("state/alerts/", "s3:GetObject", "s3:PutObject"),
            args.lake.objectGrant("state/stations.json", "s3:GetObject", "s3:PutObject"),
            args.lake.objectGrant("state/drills.json", "s3:GetObject", "s3:PutObject"),
            ...args.lake.capGrants(),
            args.lake.listGrant("state/alerts/"),
            args.lake.listGrant("state/stations.json"),
            args.lake.listGrant("state/drills.json"),
          ],
          description: "Notifies ops of silent stations; renews and ends CAP messages",
          timeoutSeconds: 60,
          memoryMegabytes: 256,
          logRetentionDays: args.logRetentionDays,
        },
        { parent },
      );
    }
  }
}
