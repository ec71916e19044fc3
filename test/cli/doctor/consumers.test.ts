import { config } from "./support.ts";
import { type Symptom, seeEach } from "./symptoms.ts";

const symptoms: readonly Symptom[] = [
  [
    "a consumer a little behind",
    { iteratorAge: async (consumer) => (consumer === "alert" ? 120 : 1) },
    undefined,
    "iterator age alert",
    "warn",
    /^2 minutes behind the stream$/,
  ],
  [
    "a consumer that stands still",
    { iteratorAge: async () => 600 },
    undefined,
    "iterator age archive",
    "fail",
    /^10 minutes/,
  ],
  [
    "a stream without records",
    { iteratorAge: async () => undefined },
    undefined,
    "iterator age alert",
    "unknown",
    /nothing was read/,
  ],
  [
    "a consumer that nobody invokes",
    {
      traffic: async (consumer) => ({ sent: 36, invocations: consumer === "archive" ? 0 : 36 }),
      iteratorAge: async () => undefined,
    },
    undefined,
    "invocations archive",
    "fail",
    /^none in the last 3 hours, though 36 observations were sent$/,
  ],
  [
    "a consumer that has nothing to do",
    { traffic: async () => ({ sent: 0, invocations: 0 }) },
    undefined,
    "invocations alert",
    "unknown",
    /^none in the last 3 hours, and no observation was sent$/,
  ],
  [
    "a consumer whose polls lie further apart than three hours",
    {
      config: { ...config, poll: "rate(1 day)" },
      traffic: async () => ({ sent: 1, invocations: 0 }),
    },
    undefined,
    "invocations alert",
    "fail",
    /^none in the last 3 days, though 1 observation was sent$/,
  ],
  [
    "a mapping that is disabled",
    { mapping: async () => ({ state: "Disabled", lastResult: "No records processed" }) },
    undefined,
    "mapping alert",
    "fail",
    /^Disabled, last result: No records processed$/,
  ],
  [
    "a mapping that may not read",
    { mapping: async () => ({ state: "Enabled", lastResult: "PROBLEM: Lambda failed to assume your role" }) },
    undefined,
    "mapping archive",
    "fail",
    /^Enabled, last result: PROBLEM: /,
  ],
  [
    "a mapping on its way",
    { mapping: async () => ({ state: "Enabling", lastResult: undefined }) },
    undefined,
    "mapping archive",
    "warn",
    /^Enabling$/,
  ],
  [
    "a mapping that is gone",
    { mapping: async () => undefined },
    undefined,
    "mapping alert",
    "fail",
    /is gone/,
  ],
];

describe("the doctor's checks of the consumers", () => seeEach(symptoms));
