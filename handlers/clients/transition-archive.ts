import { gzipSync } from "node:zlib";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type Transition, transitionSchema } from "../weather/alerts/transition.ts";
import { keyPart, keyTime } from "../weather/observation/key-part.ts";
import type { Location } from "../weather/observation/location.ts";
import { hourPartition } from "./archive-keys.ts";
import type { Sends } from "./dependencies.ts";

/** Transitions as gz NDJSON by hour, one line an object, below `transitions/`. */
export interface TransitionArchive {
  /** Idempotent: writes the same bytes to the same key. Throws the errors of S3. */
  write(transition: Transition, location: Location): Promise<void>;
}

/** Raise it when a line's meaning changes. */
const SCHEMA_VERSION = 1;

export function createTransitionArchive(s3: Sends<S3Client>, bucketName: string): TransitionArchive {
  return {
    async write(transition, location) {
      const object = {
        Bucket: bucketName,
        Key: transitionKey(transition),
        Body: gzipSync(transitionLine(transition, location)), // Node writes no time into the header
        ContentType: "application/gzip",
      };
      await s3.send(new PutObjectCommand(object));
    },
  };
}

/** The parts of the id, in the folder of the UTC hour of the transition. */
function transitionKey({ location, hazard, time, kind }: Transition): string {
  const name = [keyPart(location), keyPart(hazard), keyTime(time), kind].join(".");
  return `transitions/${hourPartition(new Date(time))}/${name}.ndjson.gz`;
}

/** The schema fixes the order of fields, so that a new transition and a restored one give the same text. */
function transitionLine(transition: Transition, { id, name, latitude, longitude }: Location): string {
  const line = {
    transition: transitionSchema.parse(transition),
    location: { id, name, lat: latitude, lon: longitude },
    archive: { schemaVersion: SCHEMA_VERSION },
  };
  return `${JSON.stringify(line)}\n`;
}
