import { z } from "zod";
import { ruleSchema } from "../handlers/weather/rules/rules.ts";
import { OWN_LIMITS } from "./limits.ts";
import { presetNames } from "./presets.ts";
import { clockTime, described, hazardName, instant, key, text, timeZone, whole } from "./values.ts";

const presets = presetNames();
const preset = described(z.enum(presets), `one of ${presets.join(", ")}`, "inmet");

const quietHours = z.strictObject({ from: clockTime("22:00"), to: clockTime("06:00") });

const ownRules = {
  /** Replace the presets' rules of the same hazard. */
  hazards: z.array(ruleSchema).default([]),
  /** Hazards without alerts. */
  off: z.array(hazardName).default([]),
};

const location = z.strictObject({
  name: text("a location name", OWN_LIMITS.locationName, "Porto Alegre"),
  latitude: described(z.number().min(-90).max(90), "degrees north, -90 to 90", -30.0536),
  longitude: described(z.number().min(-180).max(180), "degrees east, -180 to 180", -51.1747),
  timeZone,
  /** Rules of this location, which override those of the stack. */
  rules: z.strictObject(ownRules).optional(),
});

const silence = z.strictObject({
  /** Locations and hazards default to all. */
  locations: z.array(key).min(1).optional(),
  hazards: z.array(hazardName).min(1).optional(),
  from: instant,
  until: instant,
  reason: text("a reason", OWN_LIMITS.silenceReason, "Sensor replaced"),
});

/** Locations, their rules, and when alerts are muted. */
export const locationsSchema = {
  locations: z
    .record(key, location)
    .refine((value) => Object.keys(value).length > 0)
    .meta({
      allowed: "one or more locations by name",
      example: {
        "porto-alegre": {
          name: "Porto Alegre",
          latitude: -30.0536,
          longitude: -51.1747,
          timeZone: "America/Sao_Paulo",
        },
      },
    }),
  rules: z
    .strictObject({
      preset: z
        .union([preset, z.array(preset).min(1)])
        .meta({ allowed: `one of ${presets.join(", ")}, or a list of them`, example: "inmet" })
        .default("inmet"),
      ...ownRules,
      /** `digest`: yellow alerts are digest-only. */
      yellow: described(z.enum(["message", "digest"]), "message or digest", "digest").default("message"),
      /** What a doubtful value does: `send` an alert marked as unconfirmed, or `wait` for one more doubtful reading. */
      doubtful: described(z.enum(["send", "wait"]), "send or wait", "send").default("send"),
    })
    .prefault({}),
  /** Local hours of each location in which alerts below red are muted. */
  quietHours: quietHours.optional(),
  silences: z.record(key, silence).prefault({}),
  stations: z
    .strictObject({
      /** Polls without a usable observation after which a station counts as silent. */
      silentAfterPolls: whole(OWN_LIMITS.silentAfterPolls, 3).default(3),
    })
    .prefault({}),
};
