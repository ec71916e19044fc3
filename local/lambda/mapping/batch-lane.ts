import type { Cancel, Clock } from "../../clock/clock.ts";
import { MAX_PAYLOAD_BYTES } from "../function-pool.ts";
import type { PendingRecord } from "./event-records.ts";

/** The outcome of one invocation with a batch. */
export type BatchOutcome =
  /** Records before `firstFailed` succeeded; it equals the batch's length when all did. */
  | { readonly kind: "invoked"; readonly firstFailed: number; readonly problem: string }
  /** The invocation was throttled, which does not count as a retry. */
  | { readonly kind: "throttled"; readonly problem: string };

export interface DiscardedBatch {
  readonly records: readonly PendingRecord[];
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  readonly invokeCount: number;
  readonly problem: string;
}

interface BatchLaneOptions {
  readonly clock: Clock;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly bisectOnError: boolean;
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeSeconds: number;
  readonly invoke: (records: readonly PendingRecord[]) => Promise<BatchOutcome>;
  readonly onDiscarded: (batch: DiscardedBatch) => Promise<void>;
  readonly onRetry: () => void;
  /** Called when the lane can take more records. */
  readonly onCapacity: () => void;
}

/** AWS does not publish its retry delays. These start at its polling rate and are bounded. */
const FIRST_RETRY_DELAY_SECONDS = 1;
const MAX_RETRY_DELAY_SECONDS = 300;

/** Bytes of the event besides its records. */
const EVENT_OVERHEAD_BYTES = 64;

interface Batch {
  readonly records: readonly PendingRecord[];
  readonly retries: number;
  /** Failed invocations, including those of the batch before a split. They determine the delay. */
  readonly failures: number;
  readonly problem: string;
}

/**
 * Processes batches of one shard, or of one of its parallel parts, strictly in order: a failing batch blocks later records
 * until it succeeds or is discarded. Rules: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export class BatchLane {
  readonly #options: BatchLaneOptions;
  #queue: PendingRecord[] = [];
  /** Batches to retry before the queue; two or more after a split. */
  #retrying: Batch[] = [];
  #waiting = false;
  #windowEnd: Date | undefined;
  #cancelFlush: Cancel | undefined;

  constructor(options: BatchLaneOptions) {
    this.#options = options;
  }

  /** True while the lane has less than a full batch. */
  get hasCapacity(): boolean {
    const retrying = this.#retrying.reduce((sum, { records }) => sum + records.length, 0);
    return this.#queue.length + retrying < this.#options.batchSize;
  }

  /** Adds records and processes the batches that are due. */
  async add(records: readonly PendingRecord[]): Promise<void> {
    const { clock, batchingWindowSeconds } = this.#options;
    if (this.#queue.length === 0 && records.length > 0)
      this.#windowEnd = new Date(clock.now().getTime() + batchingWindowSeconds * 1000);
    this.#queue.push(...records);
    await this.#advance();
  }

  async #advance(): Promise<void> {
    const had = this.hasCapacity;
    for (let batch = this.#next(); batch; batch = this.#next()) await this.#process(batch);
    this.#scheduleFlush();
    if (!had && this.hasCapacity) this.#options.onCapacity();
  }

  #next(): Batch | undefined {
    if (this.#waiting) return undefined;
    return this.#retrying.shift() ?? this.#form();
  }

  /** Takes a batch from the queue when it is full or the batching window has ended. */
  #form(): Batch | undefined {
    const { clock, batchSize, batchingWindowSeconds } = this.#options;
    let count = 0;
    let bytes = EVENT_OVERHEAD_BYTES;
    for (const record of this.#queue) {
      if (count === batchSize || (count > 0 && bytes + record.bytes > MAX_PAYLOAD_BYTES)) break;
      count += 1;
      bytes += record.bytes;
    }
    const full = count === batchSize || count < this.#queue.length;
    const due = this.#windowEnd !== undefined && clock.now() >= this.#windowEnd;
    if (count === 0 || !(full || due)) return undefined;
    const records = this.#queue.splice(0, count);
    this.#windowEnd =
      this.#queue.length === 0 ? undefined : new Date(clock.now().getTime() + batchingWindowSeconds * 1000);
    return { records, retries: 0, failures: 0, problem: "" };
  }

  #scheduleFlush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (this.#waiting || this.#windowEnd === undefined) return;
    this.#cancelFlush = this.#options.clock.at(this.#windowEnd, () => this.#advance());
  }

  async #process(batch: Batch): Promise<void> {
    const fresh = await this.#discardExpired(batch);
    if (fresh.records.length === 0) return;
    const outcome = await this.#options.invoke(fresh.records);
    if (outcome.kind === "throttled") {
      this.#retryLater([{ ...fresh, failures: fresh.failures + 1, problem: outcome.problem }]);
      return;
    }
    const records = fresh.records.slice(outcome.firstFailed);
    if (records.length === 0) return;
    const failed = { ...fresh, records, failures: fresh.failures + 1, problem: outcome.problem };
    await this.#retryOrDiscard(failed, outcome.firstFailed > 0);
  }

  /** @param advanced whether part of the batch succeeded, which already splits it */
  async #retryOrDiscard(failed: Batch, advanced: boolean): Promise<void> {
    const { records, retries, failures, problem } = failed;
    if (this.#options.bisectOnError && advanced) return this.#retryLater([failed]);
    if (this.#options.bisectOnError && records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      const halves = [records.slice(0, middle), records.slice(middle)];
      return this.#retryLater(halves.map((half) => ({ ...failed, records: half })));
    }
    if (retries < this.#options.maximumRetryAttempts)
      return this.#retryLater([{ ...failed, retries: retries + 1 }]);
    const condition = "RetryAttemptsExhausted";
    await this.#options.onDiscarded({ records, condition, invokeCount: failures, problem });
  }

  async #discardExpired(batch: Batch): Promise<Batch> {
    const oldest = this.#options.clock.now().getTime() - this.#options.maximumRecordAgeSeconds * 1000;
    const expired = batch.records.filter(({ arrivedAt }) => arrivedAt.getTime() < oldest);
    if (expired.length === 0) return batch;
    await this.#options.onDiscarded({
      records: expired,
      condition: "RecordAgeExceeded",
      invokeCount: batch.failures,
      problem: batch.problem === "" ? "too old when it was read" : batch.problem,
    });
    return { ...batch, records: batch.records.filter((record) => !expired.includes(record)) };
  }

  #retryLater(batches: readonly Batch[]): void {
    const { clock, onRetry } = this.#options;
    const failures = Math.max(...batches.map((batch) => batch.failures));
    const delaySeconds = Math.min(FIRST_RETRY_DELAY_SECONDS * 2 ** (failures - 1), MAX_RETRY_DELAY_SECONDS);
    this.#retrying.unshift(...batches);
    this.#waiting = true;
    onRetry();
    clock.at(new Date(clock.now().getTime() + delaySeconds * 1000), async () => {
      this.#waiting = false;
      await this.#advance();
    });
  }
}
