import { readFileSync } from "node:fs";
import { join } from "node:path";
import tzLookup from "@photostructure/tz-lookup";
import { parse as parseYaml } from "yaml";
import { wallClockMillis } from "../lib/time-zone.ts";
import { keyPath, setCommand, textEdit } from "./commands.ts";
import { confidentialKey, maskPhone, structureOf } from "./mask.ts";
import { quotaWarning } from "./polling.ts";
import type { StormwireConfig } from "./schema.ts";
import { phoneDoubt } from "./values.ts";

type Path = readonly PropertyKey[];

/** The warnings of a preview: config that is valid but probably unintended. */
export function previewWarnings(config: StormwireConfig, stackFile: StackFile | undefined): string[] {
  return [
    alarmsWithoutRecipient(config),
    quotaWarning(config),
    plainSecrets(stackFile),
    phonesOnly(config),
    ...coordinateWarnings(config),
    ...doubtfulPhones(config),
  ].filter((warning) => warning !== undefined);
}

/** A stack's file as YAML reads it: encrypted values are `{secure: …}`. */
interface StackFile {
  readonly name: string;
  readonly content: unknown;
}

/** The file of a stack of the project in `directory`; undefined for config that comes from elsewhere, such as `--config-file`. */
export function readStackFile(directory: string, stack: string): StackFile | undefined {
  const name = `Pulumi.${stack}.yaml`;
  try {
    return { name, content: parseYaml(readFileSync(join(directory, name), "utf8")) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function alarmsWithoutRecipient({ opsEmail }: StormwireConfig): string | undefined {
  return opsEmail === undefined
    ? "stormwire:opsEmail is not set, so alarms, failed jobs and silent stations notify no person. " +
        `Set it: ${setCommand(["opsEmail"], "ops@example.org")}`
    : undefined;
}

/** Confidential values that the stack's file contains in plain text. Config from elsewhere has no such file. */
function plainSecrets(file: StackFile | undefined): string | undefined {
  const { config } = (file?.content ?? {}) as { config?: unknown };
  const entries = Object.entries(config ?? {}).filter(([key]) => key.startsWith("stormwire:"));
  const found = entries.flatMap(([key, value]) => plainLeaves([key.slice("stormwire:".length)], value));
  if (found.length === 0) return undefined;
  const lines = found.map(({ path, text }) =>
    text === undefined ? setCommand(path, "VALUE") : `${textEdit(text)}: ${keyPath(path)} lies in it`,
  );
  return [
    `${file?.name} holds in plain text what should be encrypted. Set it again as a secret:`,
    ...lines,
  ].join("\n  ");
}

interface PlainLeaf {
  readonly path: Path;
  /** Path of the JSON text that contains it. The CLI sets such a text only as a whole. */
  readonly text?: Path | undefined;
}

function plainLeaves(path: Path, value: unknown, text?: Path): PlainLeaf[] {
  if (typeof value === "string") {
    const structure = structureOf(value);
    if (structure !== undefined) return plainLeaves(path, structure, text ?? path);
  }
  if (typeof value !== "object" || value === null) {
    return confidentialKey(path) === undefined || value === null ? [] : [{ path, text }];
  }
  if ("secure" in value) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    plainLeaves([...path, Array.isArray(value) ? Number(key) : key], inner, text),
  );
}

function phonesOnly({ subscriptions }: StormwireConfig): string | undefined {
  const names = Object.entries(subscriptions).flatMap(([name, { sms, email }]) =>
    sms !== undefined && email === undefined ? [name] : [],
  );
  return names.length === 0
    ? undefined
    : `SMS is the only way to ${names.join(", ")}, and it depends on one carrier partner in each country. ` +
        `Add a mailbox: ${setCommand(["subscriptions", names[0] ?? "NAME", "email"], "MAILBOX")}; or a webhook: docs/webhooks.md`;
}

function doubtfulPhones({ subscriptions }: StormwireConfig): string[] {
  return Object.entries(subscriptions).flatMap(([name, { sms }]) => {
    const doubt = sms === undefined ? undefined : phoneDoubt(sms);
    return doubt === undefined || sms === undefined
      ? []
      : [`${keyPath(["subscriptions", name, "sms"])} ${maskPhone(sms)} ${doubt}`];
  });
}

/** Neighbouring zones differ by up to two hours, including daylight saving time. */
const USUAL_DIFFERENCE_HOURS = 2;
const HOUR_MILLIS = 3_600_000;

type Location = StormwireConfig["locations"][string];

/** Warns of locations in the sea or far from their time zone: usually swapped coordinates or a missing sign. */
function coordinateWarnings({ locations }: Pick<StormwireConfig, "locations">, now = new Date()): string[] {
  return Object.entries(locations).flatMap(([name, location]) => {
    const { latitude, longitude, timeZone } = location;
    const there = tzLookup(latitude, longitude);
    const isAtSea = there.startsWith("Etc/");
    if (!isAtSea && isNear(there, timeZone, now)) return [];
    const where = isAtSea ? "in the sea" : `in the time zone ${there}, but its timeZone is ${timeZone}`;
    const said = `${keyPath(["locations", name])} (latitude ${latitude}, longitude ${longitude}) lies ${where}`;
    const better = corrected(location, now);
    return [better === undefined ? said : `${said}. ${better.guess}\n  ${settings(name, better.location)}`];
  });
}

/** The location with a usual mistake corrected, if it is then on land in its time zone. */
function corrected(location: Location, now: Date): { guess: string; location: Location } | undefined {
  const { latitude, longitude, timeZone } = location;
  const swapped = { ...location, latitude: longitude, longitude: latitude };
  const candidates = [
    { guess: "Latitude and longitude may be swapped:", location: swapped },
    { guess: "The sign of the latitude may be missing:", location: { ...location, latitude: -latitude } },
    { guess: "The sign of the longitude may be missing:", location: { ...location, longitude: -longitude } },
  ];
  return candidates.find(({ location: { latitude: north, longitude: east } }) => {
    if (Math.abs(north) > 90) return false;
    const there = tzLookup(north, east);
    return !there.startsWith("Etc/") && isNear(there, timeZone, now);
  });
}

function settings(name: string, { latitude, longitude }: Location): string {
  return [
    setCommand(["locations", name, "latitude"], latitude),
    setCommand(["locations", name, "longitude"], longitude),
  ].join(" && ");
}

function isNear(zone: string, other: string, now: Date): boolean {
  const hours = Math.abs(wallClockMillis(now, zone) - wallClockMillis(now, other)) / HOUR_MILLIS;
  return hours <= USUAL_DIFFERENCE_HOURS;
}
