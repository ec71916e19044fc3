import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import type { Values } from "../../../handlers/weather/observation/fields.ts";
import type { Location } from "../../../handlers/weather/observation/location.ts";

/** A record of the stream's contract. */
export function weatherRecord(
  location: Location,
  time: string,
  values: Values | Readonly<Record<string, unknown>>,
) {
  return {
    data: { time, values },
    location: { id: location.id, name: location.name, lat: location.latitude, lon: location.longitude },
    source: "tomorrow.io",
  };
}

export interface Incoming {
  readonly body: unknown;
  /** Seconds since the epoch. */
  readonly arrivedAtSeconds: number;
  readonly partitionKey?: string;
}

/** A Lambda event in the shape of https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html; strings go as they are. */
export function kinesisEvent(incoming: readonly Incoming[], firstSequenceNumber = 1): KinesisStreamEvent {
  return {
    Records: incoming.map(({ body, arrivedAtSeconds, partitionKey = "porto-alegre" }, index) => {
      const sequenceNumber = sequence(firstSequenceNumber + index);
      return {
        kinesis: {
          kinesisSchemaVersion: "1.0",
          partitionKey,
          sequenceNumber,
          data: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)).toString("base64"),
          approximateArrivalTimestamp: arrivedAtSeconds,
        },
        eventSource: "aws:kinesis",
        eventVersion: "1.0",
        eventID: `shardId-000000000000:${sequenceNumber}`,
        eventName: "aws:kinesis:record",
        invokeIdentityArn: "arn:aws:iam::123456789012:role/lambda-role",
        awsRegion: "us-east-1",
        eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/observations",
      } satisfies KinesisStreamRecord;
    }),
  };
}

/** Sequence numbers of Kinesis have 56 digits. */
export function sequence(index: number): string {
  return `49590338271490256608559692538361571095921575989136${String(index).padStart(6, "0")}`;
}

/** A record that arrives five seconds after its observation. */
export function observed(location: Location, time: string, values: Values): Incoming {
  return {
    body: weatherRecord(location, time, values),
    arrivedAtSeconds: Date.parse(time) / 1000 + 5,
    partitionKey: location.id,
  };
}
