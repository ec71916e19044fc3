import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { type Transition, transitionSchema } from "../../handlers/weather/alerts/transition.ts";
import { parseRecord, type WeatherRecord } from "../../handlers/weather/observation/record.ts";
import type { Cloud } from "../../local/cloud.ts";

/** What goes through the services while a run lasts. */
export interface Observer {
  /** Those that were sent, and those that are digest-only. */
  readonly alerts: readonly Transition[];
  /** Records put on the stream. */
  records(): number;
  /** Distinct observations among them: those with a value, and those without any. */
  observations(): { readonly observations: number; readonly missing: number };
}

const publishSchema = z.object({ Message: z.string(), MessageStructure: z.string().optional() });
const objectSchema = z.object({ Key: z.string(), Body: z.instanceof(Uint8Array).default(new Uint8Array()) });
const logSchema = z.object({ logEvents: z.array(z.object({ message: z.string() })) });
const failedPollSchema = z.object({
  service: z.literal("produce"),
  level: z.literal("ERROR"),
  location: z.string(),
  error: z.string(),
});
const archivedSchema = z.object({ transition: transitionSchema });
const recordSchema = z.object({ Data: z.instanceof(Uint8Array) });
const putRecordsSchema = {
  input: z.object({ Records: z.array(recordSchema) }),
  output: z.object({ Records: z.array(z.object({ SequenceNumber: z.string().optional() })) }),
};

/** What an observer is called with, as it happens. */
interface Listener {
  /** Each alert once, as it is archived or published. */
  alert(alert: Transition): void;
  /** Each record that is put on the stream and can be read. */
  record(record: WeatherRecord): void;
  /** A location that a poll had no record of. */
  failedPoll(location: string, error: string): void;
}

/** Watches the calls of a run. */
export function observe(cloud: Cloud, listener: Listener): Observer {
  const alerts: Transition[] = [];
  const hasValue = new Map<string, boolean>();
  let records = 0;

  function onRecord(data: Uint8Array): void {
    records += 1;
    const parsed = parseRecord(data);
    if (parsed.ok) {
      const { data: observation, location } = parsed.record;
      const key = `${location.id} ${Date.parse(observation.time)}`;
      const isKnown = Object.values(observation.values).some((value) => value !== null);
      hasValue.set(key, isKnown || hasValue.get(key) === true);
      listener.record(parsed.record);
    }
  }

  function onTransition(alert: Transition): void {
    if (alerts.some(({ id }) => id === alert.id)) return;
    alerts.push(alert);
    listener.alert(alert);
  }

  cloud.gateway.observe(({ service, operation, input, output }) => {
    switch (`${service}:${operation}`) {
      case "kinesis:PutRecord":
        onRecord(recordSchema.parse(input).Data);
        break;
      case "kinesis:PutRecords": {
        const put = putRecordsSchema.output.parse(output).Records;
        for (const [index, { Data }] of putRecordsSchema.input.parse(input).Records.entries()) {
          if (put[index]?.SequenceNumber !== undefined) {
            onRecord(Data);
          }
        }
        break;
      }
      case "sns:Publish": {
        const alert = alertOf(publishSchema.parse(input));
        if (alert !== undefined) onTransition(alert);
        break;
      }
      case "s3:PutObject": {
        const { Key, Body } = objectSchema.parse(input);
        if (Key.startsWith("transitions/")) onTransition(archivedSchema.parse(lineOf(Body)).transition);
        break;
      }
      case "logs:PutLogEvents": {
        for (const { message } of logSchema.parse(input).logEvents) {
          const failed = failedPollOf(message);
          if (failed !== undefined) listener.failedPoll(failed.location, failed.error);
        }
      }
    }
  });
  return {
    alerts,
    records: () => records,
    observations() {
      const observations = [...hasValue.values()].filter((isKnown) => isKnown).length;
      return { observations, missing: hasValue.size - observations };
    },
  };
}

/** What the producer logs of a location that it has no record of. */
function failedPollOf(line: string): z.infer<typeof failedPollSchema> | undefined {
  return line.startsWith("{") ? failedPollSchema.safeParse(JSON.parse(line)).data : undefined;
}

/** The one line of an archived transition. */
function lineOf(body: Uint8Array): unknown {
  return JSON.parse(gunzipSync(body).toString("utf8"));
}

const programMessage = z.object({ alert: z.optional(transitionSchema) });

/** The `default` text is the message as JSON, for subscribers that are programs; messages to ops are plain text. */
function alertOf({ Message, MessageStructure }: z.infer<typeof publishSchema>): Transition | undefined {
  if (MessageStructure === undefined) return undefined;
  const { default: text } = z.object({ default: z.string() }).parse(JSON.parse(Message));
  return programMessage.parse(JSON.parse(text)).alert;
}
