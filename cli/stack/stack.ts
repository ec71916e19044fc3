/** The bucket's objects, to be looked at. */
export interface ReadableStore {
  /** Keys below a prefix, in S3's order. */
  list(prefix: string): Promise<readonly string[]>;
  /** Undefined when the object does not exist. */
  read(key: string): Promise<string | undefined>;
}

export interface WritableStore extends ReadableStore {
  write(key: string, text: string): Promise<void>;
  /** Removing an object that does not exist is not an error. */
  remove(key: string): Promise<void>;
}

/** What a function answered: its payload, or the error it ended with. */
export type Answer =
  | { readonly payload: unknown; readonly error?: undefined }
  | { readonly error: string; readonly payload?: undefined };

/**
 * Invokes a function of the program by its name there, with its role's permissions, and waits for its answer.
 *
 * @throws {UserError} when the function does not exist in the stack
 */
export type Invoke = (name: string, event: unknown) => Promise<Answer>;

/** The bucket and the functions of a stack: on AWS, or in the folder of a local run. */
export interface OpenStack {
  readonly stack: string;
  readonly bucket: string;
  /** The name in the program of a function that is deployed as `deployed`. */
  functionName(deployed: string): string;
  /** To read only, also while the folder's own run goes on. */
  readable<Result>(use: (store: ReadableStore) => Promise<Result>): Promise<Result>;
  writable<Result>(use: (store: WritableStore) => Promise<Result>): Promise<Result>;
  withFunctions<Result>(use: (store: WritableStore, invoke: Invoke) => Promise<Result>): Promise<Result>;
}
