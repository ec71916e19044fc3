/** What an object holds that can be retried, whether the archive rejected it or Lambda discarded it. */
export interface Failure {
  /** Name of the function that has to process the event: as it is deployed, or in the program. */
  readonly function: string;
  readonly cause: string;
  /** Records of the stream; an event of another kind counts as one. */
  readonly records: number;
  /** ISO 8601: arrival of the first and the last record, or when Lambda made the last attempt at another event. */
  readonly first: string;
  readonly last: string;
  /** Of the first record of the stream; empty for another event. */
  readonly sequenceNumber: string;
  readonly event: unknown;
  /** What the answer of the function leaves to be done; undefined when the event is done. */
  readonly problemIn: (answer: unknown) => string | undefined;
}

/** What an object holds, or why it cannot be retried. */
export type Content =
  | { readonly failure: Failure; readonly problem?: undefined }
  | { readonly problem: string; readonly failure?: undefined };
