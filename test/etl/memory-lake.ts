import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Lake } from "../../etl/lake.ts";

export interface MemoryLake extends Lake {
  readonly objects: Map<string, Uint8Array>;
  /** `write KEY` and `remove KEY`, in order. */
  readonly journal: string[];
}

export function createMemoryLake(): MemoryLake {
  const objects = new Map<string, Uint8Array>();
  const journal: string[] = [];
  return {
    objects,
    journal,
    list: async (prefix) =>
      [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, body]) => ({ key, etag: `"${createHash("md5").update(body).digest("hex")}"` })),
    read: async (key) => {
      const body = objects.get(key);
      if (body === undefined) throw new Error(`no object ${key}`);
      return body;
    },
    write: async (key, body) => {
      objects.set(key, Buffer.from(body));
      journal.push(`write ${key}`);
    },
    remove: async (keys) => {
      for (const key of keys) {
        objects.delete(key);
        journal.push(`remove ${key}`);
      }
    },
  };
}

export interface LineOptions {
  readonly time: string;
  readonly location?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly arrivedAt?: string;
  readonly sequenceNumber?: string;
  /** Of the archive's, as gold has them. */
  readonly flags?: string;
}

/** One archived line, without its newline. */
export function archivedLine({
  time,
  location = "porto-alegre",
  values = {},
  arrivedAt,
  sequenceNumber = "1",
  flags,
}: LineOptions): string {
  return JSON.stringify({
    data: { time, values },
    location: { id: location, name: location, lat: -30.0536, lon: -51.1747 },
    source: "tomorrow.io",
    archive: {
      arrivedAt: arrivedAt ?? "2024-06-01T00:00:00.000Z",
      shardId: "shardId-000000000000",
      sequenceNumber,
      schemaVersion: 1,
      flags,
    },
  });
}

/** The key the archive gives lines of the hour of `time`, e.g. `raw/year=2024/…/NAME.ndjson.gz`. */
export function rawKey(time: string, name: string): string {
  const [year, month, day, hour] = time.split(/[-T:]/);
  return `raw/year=${year}/month=${month}/day=${day}/hour=${hour}/${name}.ndjson.gz`;
}

export function gzipLines(lines: readonly string[]): Buffer {
  return gzipSync(`${lines.join("\n")}\n`);
}
