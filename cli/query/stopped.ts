/** Thrown when the query was stopped from outside. */
export class QueryStoppedError extends Error {
  override readonly name = "QueryStoppedError";
  /** As far as Athena reported them; Athena bills them. */
  readonly bytesScanned: number;

  constructor(bytesScanned: number) {
    super("the query was stopped");
    this.bytesScanned = bytesScanned;
  }
}
