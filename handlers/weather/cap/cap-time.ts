import { memoize } from "../../../lib/memoize.ts";

/**
 * A time as CAP 1.2 writes it, in the time zone of a location: `2024-04-30T08:00:00-03:00`. CAP allows neither fractions of a second
 * nor `Z`; UTC is `-00:00`. https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html, 3.3.2
 */
export function capTime(time: Date, timeZone: string): string {
  const minutes = offsetMinutes(time, timeZone);
  const local = new Date(time.getTime() + minutes * 60_000)
    .toISOString()
    .slice(0, "2024-04-30T08:00:00".length);
  return `${local}${formatOffset(minutes)}`;
}

function formatOffset(minutes: number): string {
  const part = (value: number): string => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes > 0 ? "+" : "-"}${part(Math.floor(size / 60))}:${part(size % 60)}`;
}

const offsetFormat = memoize(
  (timeZone: string) => new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }),
  (timeZone) => timeZone,
);

/** Minutes east of UTC. Seconds, which local mean times before 1972 have, are dropped from time and offset alike. */
function offsetMinutes(time: Date, timeZone: string): number {
  const name = offsetFormat(timeZone)
    .formatToParts(time)
    .find(({ type }) => type === "timeZoneName")?.value;
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name ?? "") ?? [];
  if (hours === undefined || minutes === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
