import { type ConfigChange, canoas, RULE_HANDLERS } from "./stack.ts";

const EVERY_HANDLER_OF_PLACES = {
  "lambda.Function alert": "update",
  "lambda.Function notify": "update",
  "lambda.Function produce": "update",
  "lambda.Function watch": "update",
} as const;

/** The call budget goes by the number of places: the alarm about the API's quota compares with it. */
const ONE_PLACE_MORE_OR_LESS = {
  ...EVERY_HANDLER_OF_PLACES,
  "cloudwatch.MetricAlarm quota": "update",
  "cloudwatch.Dashboard operations": "update",
} as const;

export const PLACES_AND_RULES: readonly ConfigChange[] = [
  {
    what: "a location is added",
    set: { "locations.viamao": { ...canoas, name: "Viamao", latitude: -30.0811 } },
    touches: ONE_PLACE_MORE_OR_LESS,
  },
  {
    what: "a location is renamed",
    remove: ["locations.canoas"],
    set: { "locations.canoas-north": canoas },
    touches: EVERY_HANDLER_OF_PLACES,
  },
  { what: "a location is removed", remove: ["locations.canoas"], touches: ONE_PLACE_MORE_OR_LESS },
  {
    what: "a location that a person names is renamed",
    remove: ["locations.porto-alegre"],
    set: { "locations.capital": canoas, "subscriptions.mayor.locations": ["capital"] },
    touches: { ...EVERY_HANDLER_OF_PLACES, "sns.TopicSubscription mayor-email": "update" },
  },
  {
    what: "a rule is added",
    set: {
      "rules.hazards": [
        { hazard: "cold", measure: { metric: "temperature" }, levels: { red: 0 }, below: true },
      ],
    },
    touches: RULE_HANDLERS,
  },
  { what: "a rule is removed", set: { "rules.off": ["dry-air"] }, touches: RULE_HANDLERS },
  { what: "the preset changes", set: { "rules.preset": "nws" }, touches: RULE_HANDLERS },
  {
    what: "one location gets a rule of its own",
    set: { "locations.canoas.rules": { off: ["dry-air"] } },
    touches: RULE_HANDLERS,
  },
  {
    what: "quiet hours are set",
    set: { quietHours: { from: "22:00", to: "06:00" } },
    touches: { "lambda.Function alert": "update" },
  },
  {
    what: "a sensor is muted",
    set: {
      "silences.repair": { from: "2030-01-01T00:00:00Z", until: "2030-01-02T00:00:00Z", reason: "Repair" },
    },
    touches: { "lambda.Function alert": "update", "lambda.Function watch": "update" },
  },
];
