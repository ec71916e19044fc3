import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** What a reader of some columns fetches, in bytes. */
export interface ReadBytes {
  /** The whole file, which Trino reads when it is small. */
  readonly file: number;
  /** Schema, statistics and places of the columns, with its length and the magic word. */
  readonly footer: number;
  /** The asked columns' pages. */
  readonly columns: number;
}

interface GoldBytes {
  bytesRead(columns: readonly string[]): Promise<ReadBytes>;
  /** Of the same rows in a file for each hour. */
  bytesReadOfHours(columns: readonly string[]): Promise<ReadBytes>;
  close(): Promise<void>;
}

/** At a file's end: the footer's length (4 bytes, little endian), then PAR1. https://parquet.apache.org/docs/file-format/ */
const FOOTER_TAIL_BYTES = 8;

/** Measures one Parquet file of gold. */
export async function openGold(body: Uint8Array): Promise<GoldBytes> {
  const directory = await mkdtemp(join(tmpdir(), "gold-bytes-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const path = join(directory, "day.parquet");
  await writeFile(path, body);

  async function measure(file: string, columns: readonly string[]): Promise<ReadBytes> {
    const bytes = await readFile(file);
    const names = columns.map((name) => `'${name}'`).join(", ");
    const reader = await connection.runAndReadAll(
      `SELECT SUM(total_compressed_size)::DOUBLE FROM parquet_metadata('${file}') WHERE path_in_schema IN (${names})`,
    );
    return {
      file: bytes.length,
      footer: bytes.readUInt32LE(bytes.length - FOOTER_TAIL_BYTES) + FOOTER_TAIL_BYTES,
      columns: Number(reader.getRows()[0]?.[0]),
    };
  }

  return {
    bytesRead: (columns) => measure(path, columns),
    async bytesReadOfHours(columns) {
      const sum = { file: 0, footer: 0, columns: 0 };
      for (let hour = 0; hour < 24; hour++) {
        const file = join(directory, `hour-${hour}.parquet`);
        await connection.run(
          `COPY (FROM read_parquet('${path}') WHERE hour(observed_at) = ${hour}) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`,
        );
        const read = await measure(file, columns);
        sum.file += read.file;
        sum.footer += read.footer;
        sum.columns += read.columns;
      }
      return sum;
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
