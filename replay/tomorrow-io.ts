import { isoSeconds } from "./measures.ts";
import { type Answer, parseDegrees, type Recording } from "./recording.ts";

export const REALTIME_PATH = "/v4/weather/realtime";

/**
 * `GET /v4/weather/realtime?location=LAT,LON&units=metric&apikey=KEY`
 * (https://docs.tomorrow.io/reference/realtime-weather), with the recorded measures.
 * The key is also taken from an `apikey` header, as the API does.
 */
export function answerRealtime(
  request: { query: URLSearchParams; headerKey: string | undefined },
  { recording, apiKey }: { recording: Recording; apiKey: string },
): Answer {
  const { query, headerKey } = request;
  if ((query.get("apikey") ?? headerKey) !== apiKey) {
    return errorAnswer(
      401001,
      "Invalid Auth",
      "The apikey is missing or is not the one this server expects.",
    );
  }
  const units = query.get("units") ?? "metric";
  if (units !== "metric") return badQuery("units", units, "metric (the recording is metric)");
  const location = query.get("location") ?? "";
  const found = findLocation(location, recording);
  if (found === undefined)
    return badQuery("location", location, "LAT,LON within 0.01° of a configured location");
  const { time, values } = recording.latest(found);
  return {
    status: 200,
    body: {
      data: { time: isoSeconds(time), values },
      location: { lat: found.latitude, lon: found.longitude, name: found.name, type: "administrative" },
    },
  };
}

/**
 * An error answer in the API's shape (https://docs.tomorrow.io/reference/api-errors).
 * @param code six digits, of which the first three are the HTTP status
 */
export function errorAnswer(code: number, type: string, message: string): Answer {
  return { status: Math.floor(code / 1000), body: { code, type, message } };
}

function badQuery(name: string, value: string, allowed: string): Answer {
  const message = `The query parameter ${name} is ${JSON.stringify(value)}; allowed: ${allowed}.`;
  return errorAnswer(400001, "Invalid Query Parameters", message);
}

function findLocation(location: string, recording: Recording) {
  const [latitude, longitude, ...rest] = location.split(",").map(parseDegrees);
  if (latitude === undefined || longitude === undefined || rest.length > 0) return undefined;
  return recording.locationAt(latitude, longitude);
}
