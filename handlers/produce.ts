import { setTimeout as delay } from "node:timers/promises";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { SSMClient } from "@aws-sdk/client-ssm";
import { type CallBudget, createCallCount } from "./clients/call-count.ts";
import { createLog, type Log, type Sends } from "./clients/dependencies.ts";
import type { MetricOf } from "./clients/metric-names.ts";
import { counted, createMeter, type Meter } from "./clients/metrics.ts";
import { type OutgoingRecord, putRecords } from "./clients/put-records.ts";
import { createApiKey } from "./clients/secret-parameter.ts";
import type { Location } from "./weather/observation/location.ts";
import type { Trace } from "./weather/observation/record.ts";
import { createHttp, type Http } from "./weather/sources/http.ts";
import { createOpenMeteo } from "./weather/sources/open-meteo.ts";
import type { SourceResult, WeatherSource } from "./weather/sources/source.ts";
import { createTomorrowIo } from "./weather/sources/tomorrow-io.ts";

export type { CallBudget } from "./clients/call-count.ts";

interface ProduceOptions {
  readonly streamName: string;
  readonly locations: readonly Location[];
  readonly source: {
    readonly provider: "tomorrow.io" | "open-meteo";
    readonly baseUrl: string;
    /** Name of the SSM SecureString with the key; Tomorrow.io needs one. */
    readonly apiKeyParameter?: string;
  };
  /** Call budget of the API plan. Without it, the remaining calls are not reported. */
  readonly calls?: CallBudget;
}

/** The fields of the EventBridge event that are used. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface ProduceEvent {
  readonly id?: string;
  /** ISO 8601: when the rule fired. */
  readonly time?: string;
}

interface ProduceDependencies {
  readonly kinesis?: Sends<KinesisClient>;
  readonly ssm?: Sends<SSMClient>;
  /** Calls `onAttempt` for each request, so that it is counted. */
  readonly http?: (onAttempt: () => void) => Http;
  readonly log?: Log;
  readonly meter?: Meter<MetricOf<"produce">>;
  readonly sleep?: (ms: number) => Promise<unknown>;
  readonly random?: () => number;
}

export interface ProduceReport {
  /** Locations that the source answered for. */
  readonly polled: number;
  /** Records put on the stream. */
  readonly put: number;
  readonly failed: readonly { readonly location: string; readonly error: string }[];
}

/** Thrown when locations are configured and no record could be put. */
export class ProduceError extends Error {
  override readonly name = "ProduceError";
}

/** Thrown at init when the provider needs an API key and no parameter is named. */
export class ProduceOptionsError extends Error {
  override readonly name = "ProduceOptionsError";
}

/**
 * Polls the weather of all locations and puts one record per location on the stream. A location that fails does not stop
 * the others; it is logged as an error and reported. Throws {@link ProduceError} only when nothing could be put.
 */
export function createProduceHandler(
  options: ProduceOptions,
  dependencies: ProduceDependencies = {},
): (event: ProduceEvent) => Promise<ProduceReport> {
  const { kinesis = new KinesisClient({}), log = createLog("produce") } = dependencies;
  const { sleep = delay, random = Math.random, meter = createMeter("produce") } = dependencies;
  const calls = createCallCount(options.calls);
  const source = createSource(options.source, dependencies, calls.add, log);

  return counted(meter, async (event) => {
    const trace = traceOf(event);
    const results = await source.realtime(options.locations).finally(() => {
      const { made, left } = calls.take(event.time);
      meter.add("ApiCalls", made);
      if (left !== undefined) meter.add("ApiCallsLeftToday", left);
    });
    const records = results.flatMap((result) => (result.ok ? [toRecord(result, source.name, trace)] : []));
    const rejected = await putRecords(records, { kinesis, streamName: options.streamName, sleep, random });
    const failed = [
      ...results.flatMap((result) =>
        result.ok
          ? []
          : [{ location: result.location.id, error: `${result.error.name}: ${result.error.message}` }],
      ),
      ...rejected.map(({ record, error }) => ({ location: record.partitionKey, error })),
    ];
    const report = { polled: records.length, put: records.length - rejected.length, failed };
    meter.add("ObservationsSent", report.put);
    meter.add("ObservationsFailed", failed.length);
    const pollId = trace?.poll;
    for (const failure of failed) log.error("no record of a location", { pollId, ...failure });
    const { polled, put } = report;
    log.info("produced", { pollId, time: event.time, polled, put, failed: failed.length });
    if (report.put === 0 && options.locations.length > 0) throw nothingPut(failed);
    return report;
  });
}

function createSource(
  { provider, baseUrl, apiKeyParameter }: ProduceOptions["source"],
  dependencies: ProduceDependencies,
  onAttempt: () => void,
  log: Log,
): WeatherSource {
  const http = (dependencies.http ?? createCountedHttp)(onAttempt);
  if (provider === "open-meteo") return createOpenMeteo({ http, baseUrl });
  if (apiKeyParameter === undefined) {
    throw new ProduceOptionsError(
      "source.apiKeyParameter is missing; tomorrow.io needs the name of an SSM parameter",
    );
  }
  const apiKey = createApiKey(dependencies.ssm ?? new SSMClient({}), apiKeyParameter, log);
  return createTomorrowIo({ http, baseUrl, apiKey });
}

function createCountedHttp(onAttempt: () => void): Http {
  return createHttp({ onAttempt });
}

/** A manual invocation has no event id, so its records have no trace. */
function traceOf({ id, time }: ProduceEvent): Trace | undefined {
  if (id === undefined) return undefined;
  const xray = /(?:^|;)Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? "")?.[1];
  return { poll: id, ...(time !== undefined && { time }), ...(xray !== undefined && { xray }) };
}

function toRecord(
  { location, payload }: Extract<SourceResult, { ok: true }>,
  source: string,
  trace: Trace | undefined,
): OutgoingRecord {
  const record = {
    ...payload,
    location: { id: location.id, name: location.name, lat: location.latitude, lon: location.longitude },
    source,
    ...(trace && { trace }),
  };
  return { partitionKey: location.id, bytes: new TextEncoder().encode(JSON.stringify(record)) };
}

function nothingPut(failed: ProduceReport["failed"]): ProduceError {
  const [first] = failed;
  const example =
    first === undefined ? "the source answered for no location" : `${first.location}: ${first.error}`;
  return new ProduceError(`nothing could be put; ${failed.length} failed, first ${example}`);
}
