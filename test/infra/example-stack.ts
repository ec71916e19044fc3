/** A stack and config on top of it that declare a role of each kind. */
export const EXAMPLE_STACK = "local";

export const EXAMPLE_CONFIG: Readonly<Record<string, unknown>> = {
  "stormwire:messages": {
    drill: {
      cron: "0 12 1 * ? *",
      timeZone: "America/Sao_Paulo",
      drill: { hazard: "rain", level: "red" },
      audience: "all",
    },
  },
  "stormwire:webhooks": {
    example: {
      url: "https://hooks.example.org/weather",
      secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    },
  },
};
