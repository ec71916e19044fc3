import * as z from "zod/mini";
import type { Location } from "../observation/location.ts";
import { AuthenticationError, SourceError } from "./errors.ts";
import { type Http, NO_WEATHER } from "./http.ts";
import type { Payload, SourceResult, WeatherSource } from "./source.ts";

interface TomorrowIoOptions {
  readonly http: Http;
  /** E.g. `https://api.tomorrow.io`. */
  readonly baseUrl: string;
  readonly apiKey: ApiKey;
}

export interface ApiKey {
  /** The key, read at most once. */
  get(): Promise<string>;
  /** Reads the key again, unless it has changed since `refused` was returned. */
  refresh(refused: string): Promise<string>;
}

/**
 * Tomorrow.io's realtime weather, one call for each location.
 * https://docs.tomorrow.io/reference/realtime-weather
 */
export function createTomorrowIo({ http, baseUrl, apiKey }: TomorrowIoOptions): WeatherSource {
  const call = async (location: Location, key: string): Promise<Payload> =>
    toPayload(
      await http.get({
        url: realtimeUrl(baseUrl, location, key),
        service: "Tomorrow.io",
        judge,
        explain,
        secrets: [key],
      }),
    );

  const realtimeOf = async (location: Location): Promise<Payload> => {
    const key = await apiKey.get();
    try {
      return await call(location, key);
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      const renewed = await apiKey.refresh(key);
      if (renewed === key) throw error;
      return call(location, renewed);
    }
  };

  return {
    name: "tomorrow.io",
    realtime: (locations) => Promise.all(locations.map((location) => settle(location, realtimeOf(location)))),
    close: () => http.close(),
  };
}

async function settle(location: Location, payload: Promise<Payload>): Promise<SourceResult> {
  try {
    return { ok: true, location, payload: await payload };
  } catch (cause) {
    const error = cause instanceof SourceError ? cause : new SourceError(String(cause), { cause });
    return { ok: false, location, error };
  }
}

function realtimeUrl(baseUrl: string, { latitude, longitude }: Location, key: string): URL {
  const url = new URL("/v4/weather/realtime", baseUrl);
  url.searchParams.set("location", `${latitude},${longitude}`);
  url.searchParams.set("units", "metric");
  url.searchParams.set("apikey", key);
  return url;
}

/** What is in `data` may be of any shape: the archive judges it, and quarantine shows what is unexpected. */
const envelope = z.looseObject({ data: z.looseObject({}) });

function toPayload(json: unknown): Payload {
  return { data: envelope.parse(json).data };
}

/** https://docs.tomorrow.io/reference/error-handling-best-practices */
const errorBody = z.object({ code: z.number(), type: z.string(), message: z.string() });

/** An error in a 2xx answer counts as the HTTP status that its code begins with: 429001 is a 429. */
function judge(json: unknown): number {
  if (envelope.safeParse(json).success) return 200;
  const parsed = errorBody.safeParse(json);
  const status = parsed.success ? Math.floor(parsed.data.code / 1000) : NO_WEATHER;
  return status >= 400 && status <= 599 ? status : NO_WEATHER;
}

function explain(json: unknown): string | undefined {
  const parsed = errorBody.safeParse(json);
  return parsed.success ? `${parsed.data.type} (${parsed.data.code}): ${parsed.data.message}` : undefined;
}
