import type { ArchiveEvent } from "../../handlers/archive.ts";

/** Objects below `quarantine/`, to be looked at. */
export interface ReadableStore {
  /** Keys in S3's order. */
  list(): Promise<readonly string[]>;
  /** Undefined when there is no such object (any more). */
  read(key: string): Promise<string | undefined>;
}

export interface QuarantineStore extends ReadableStore {
  write(key: string, text: string): Promise<void>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
}

/** What the archive function answered: its payload, or the error it ended with. */
export type Answer =
  | { readonly payload: unknown; readonly error?: undefined }
  | { readonly error: string; readonly payload?: undefined };

/** The program's archive function, with its role's permissions. */
export type Archive = (event: ArchiveEvent) => Promise<Answer>;

/** A stack's quarantine: on AWS, or in the folder that a local run left. */
export interface Place {
  readonly stack: string;
  readonly bucket: string;
  /** To look only: also while the folder's own run goes on. */
  readable<Result>(use: (store: ReadableStore) => Promise<Result>): Promise<Result>;
  writable<Result>(use: (store: QuarantineStore) => Promise<Result>): Promise<Result>;
  withArchive<Result>(use: (store: QuarantineStore, archive: Archive) => Promise<Result>): Promise<Result>;
}
