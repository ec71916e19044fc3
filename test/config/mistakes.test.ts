import { expect } from "chai";
import { parse as parseYaml } from "yaml";
import { previewWarnings } from "../../config/warnings.ts";
import { failure, good, parse, portoAlegre } from "../infra/stack-config.ts";

type Config = Record<string, unknown>;

const rain = {
  hazard: "rain",
  measure: { metric: "rainIntensity", over: "24h", as: "sum" },
  levels: { orange: 40 },
};
const digest = { cron: "0 7 * * ? *", timeZone: "UTC", digest: true };
const at = (change: Config): Config => ({ locations: { "porto-alegre": { ...portoAlegre, ...change } } });
const rule = (change: Config): Config => ({ rules: { hazards: [{ ...rain, ...change }] } });
const wind = (change: Config): Config =>
  rule({ measure: { metric: "windGust", ...change }, levels: { red: 900 } });
const message = (change: Config): Config => ({
  messages: { morning: { ...digest, cron: undefined, ...change } },
});
const person = (change: Config): Config => ({ subscriptions: { me: { sms: "+5551987654321", ...change } } });
const hook = (change: Config): Config => ({
  webhooks: { bot: { url: "https://api.telegram.org/bot1:a/sendMessage", format: "telegram", ...change } },
});

/** One mistake each: the key of the problem, what its text says, and the value that the fix sets. */
const REFUSED: readonly (readonly [
  what: string,
  config: Config,
  path: string,
  says: RegExp,
  fix?: RegExp,
])[] = [
  ["latitude beyond the pole", at({ latitude: 95 }), "locations.porto-alegre.latitude", /-90 to 90/],
  [
    "longitude beyond the date line",
    at({ longitude: 200 }),
    "locations.porto-alegre.longitude",
    /-180 to 180/,
  ],
  ["latitude with a comma", at({ latitude: "-30,05" }), "locations.porto-alegre.latitude", /-90 to 90/],
  [
    "latitude in degrees and minutes",
    at({ latitude: "30°03'S" }),
    "locations.porto-alegre.latitude",
    /-90 to 90/,
  ],
  ["no latitude", at({ latitude: undefined }), "locations.porto-alegre.latitude", /-90 to 90/],
  [
    "a time zone as offset",
    at({ timeZone: "-03:00" }),
    "locations.porto-alegre.timeZone",
    /is an offset from UTC/,
    /America\/Sao_Paulo/,
  ],
  [
    "a time zone as UTC-3",
    at({ timeZone: "UTC-3" }),
    "locations.porto-alegre.timeZone",
    /is an offset from UTC/,
  ],
  [
    "a time zone in small letters",
    at({ timeZone: "america/sao_paulo" }),
    "locations.porto-alegre.timeZone",
    /capitals/,
    /America\/Sao_Paulo/,
  ],
  [
    "a time zone with a typing error",
    at({ timeZone: "America/Sao_Paolo" }),
    "locations.porto-alegre.timeZone",
    /is unknown/,
    /America\/Sao_Paulo/,
  ],
  [
    "a city as time zone",
    at({ timeZone: "Recife" }),
    "locations.porto-alegre.timeZone",
    /is unknown/,
    /America\/Recife/,
  ],
  ["a blank name", at({ name: "" }), "locations.porto-alegre.name", /a location name/],
  [
    "a location's key in capitals",
    { locations: { POA: portoAlegre } },
    "locations.POA",
    /lower-case letters/,
  ],
  [
    "locations as text that is not JSON",
    { locations: "{porto-alegre: {name: A}}" },
    "locations",
    /by name; this one is text that is not JSON/,
    /porto-alegre:\n/,
  ],
  [
    "a level in a person who is JSON text",
    { subscriptions: { me: '{"email":"a@example.org","level":"purple"}' } },
    "subscriptions.me.level",
    /yellow, orange, red/,
    /^edit the text of stormwire:subscriptions\.me in .*: the CLI stored it as JSON text$/,
  ],
  ["people as a word", { subscriptions: "me" }, "subscriptions", /a map/, /subscriptions\.duty-officer\.sms/],
  [
    "messages as a list",
    { messages: [digest] },
    "messages",
    /a map/,
    /as the value of stormwire:messages:\nmorning-digest:\n/,
  ],
  ["no location", { locations: {} }, "locations", /one or more/],
  ["locations as a list", { locations: [portoAlegre] }, "locations", /by name/, /porto-alegre:\n/],
  ["poll without rate( )", { poll: "5 minutes" }, "poll", /is not of the form/, /'rate\(5 minutes\)'/],
  [
    "poll in the plural for one",
    { poll: "rate(1 hours)" },
    "poll",
    /has the unit hours for a value of 1/,
    /'rate\(1 hour\)'/,
  ],
  [
    "poll in the singular for many",
    { poll: "rate(5 minute)" },
    "poll",
    /has the unit minute/,
    /'rate\(5 minutes\)'/,
  ],
  ["poll every thousand years", { poll: "rate(999999999 days)" }, "poll", /longer than 365 days/],
  ["poll of no time", { poll: "rate(0 minutes)" }, "poll", /whole number above 0/],
  ["poll of half a minute", { poll: "rate(0.5 minutes)" }, "poll", /whole number/],
  ["poll in seconds", { poll: "rate(30 seconds)" }, "poll", /minute\(s\), hour\(s\) or day\(s\)/],
  [
    "poll by a Unix cron",
    { poll: "cron(*/5 * * * *)" },
    "poll",
    /has 5 fields/,
    /'cron\(\*\/5 \* \* \* \? \*\)'/,
  ],
  ["poll on 31 February", { poll: "cron(0 0 31 2 ? *)" }, "poll", /never comes due/],
  [
    "a message on both days",
    message({ cron: "0 7 * * * *" }),
    "messages.morning.cron",
    /exactly one of them must be \?/,
    /'0 7 \* \* \? \*'/,
  ],
  [
    "a message on neither day",
    message({ cron: "0 7 ? * ? *" }),
    "messages.morning.cron",
    /exactly one of them must be \?/,
    /'0 7 \* \* \? \*'/,
  ],
  [
    "a message by a Unix cron on Sunday",
    message({ cron: "0 7 * * 0" }),
    "messages.morning.cron",
    /has 5 fields/,
    /'0 7 \? \* SUN \*'/,
  ],
  [
    "a message with cron( ) around it",
    message({ cron: "cron(0 7 * * ? *)" }),
    "messages.morning.cron",
    /says already/,
    /'0 7 \* \* \? \*'/,
  ],
  [
    "a message every 1 hours",
    message({ rate: "1 hours" }),
    "messages.morning.rate",
    /has the unit hours/,
    /'1 hour'/,
  ],
  [
    "a message every rate(1 hours)",
    message({ rate: "rate(1 hours)" }),
    "messages.morning.rate",
    /says already, and has the unit hours/,
    /'1 hour'/,
  ],
  ["a message at an hour alone", message({ at: "18:00" }), "messages.morning.at", /YYYY-MM-DDThh:mm:ss/],
  [
    "a message in a zone by offset",
    { messages: { morning: { ...digest, timeZone: "+00:00" } } },
    "messages.morning.timeZone",
    /is an offset/,
  ],
  [
    "a landline",
    person({ sms: "+555132281000" }),
    "subscriptions.me.sms",
    /a landline, which receives no SMS/,
  ],
  ["a toll-free number", person({ sms: "+18005551234" }), "subscriptions.me.sms", /toll-free/],
  ["a number without country", person({ sms: "51987654321" }), "subscriptions.me.sms", /E\.164/],
  ["a number with spaces", person({ sms: "+55 51 98765 4321" }), "subscriptions.me.sms", /E\.164/],
  ["the word EXAMPLE", person({ sms: "+55EXAMPLE" }), "subscriptions.me.sms", /E\.164/],
  [
    "a mailbox without a domain",
    { subscriptions: { me: { email: "me" } } },
    "subscriptions.me.email",
    /e-mail address/,
  ],
  [
    "neither phone nor mailbox",
    { subscriptions: { me: { level: "red" } } },
    "subscriptions.me",
    /sms, email or both/,
  ],
  ["a level that is not one", person({ level: "purple" }), "subscriptions.me.level", /yellow, orange, red/],
  ["a level in capitals", person({ level: "RED" }), "subscriptions.me.level", /yellow, orange, red/, / red$/],
  [
    "a location that is not one",
    person({ locations: ["porto-alegri"] }),
    "subscriptions.me.locations.0",
    /did you mean porto-alegre/,
    / porto-alegre$/,
  ],
  [
    "a language that is not one",
    person({ language: "pt" }),
    "subscriptions.me.language",
    /pt-BR, en/,
    / pt-BR$/,
  ],
  ["an unknown key", { polls: "rate(5 minutes)" }, "polls", /did you mean poll/],
  [
    "an unknown metric",
    rule({ measure: { metric: "rain", over: "24h", as: "sum" } }),
    "rules.hazards.0.measure.metric",
    /rainIntensity.*windGust/,
    / rainIntensity$/,
  ],
  [
    "a metric in small letters",
    rule({ measure: { metric: "windgust" } }),
    "rules.hazards.0.measure.metric",
    /windGust/,
    / windGust$/,
  ],
  [
    "humidity over 400",
    rule({ measure: { metric: "humidity" }, levels: { red: 400 } }),
    "rules.hazards.0.levels.red",
    /1 to 110: humidity is never beyond that/,
    / 110$/,
  ],
  [
    "a temperature in Fahrenheit",
    rule({ measure: { metric: "temperature" }, levels: { red: 104 } }),
    "rules.hazards.0.levels.red",
    /-100 to 65/,
  ],
  ["a gust of 900 m/s", wind({}), "rules.hazards.0.levels.red", /windGust is never beyond that/],
  [
    "a gust of 900 km/h",
    wind({ unit: "km/h" }),
    "rules.hazards.0.levels.red",
    /windGust is never beyond that/,
  ],
  [
    "levels out of order",
    rule({ levels: { orange: 80, red: 40 } }),
    "rules.hazards.0",
    /levels in order/,
    /orange: 40\s+red: 80/,
  ],
  ["a threshold as text", rule({ levels: { red: "much" } }), "rules.hazards.0.levels.red", /number/, / 80$/],
  [
    "hazards as a map",
    { rules: { hazards: { rain: { orange: 40 } } } },
    "rules.hazards",
    /a list/,
    /as the value of stormwire:rules\.hazards:\n- hazard: rain/,
  ],
  [
    "a window that is too long",
    rule({ measure: { ...rain.measure, over: "96h" } }),
    "rules.hazards.0.measure",
    /10m to 72h/,
  ],
  [
    "a window without `as`",
    rule({ measure: { metric: "rainIntensity", over: "24h" } }),
    "rules.hazards.0.measure",
    /go together/,
  ],
  ["a preset that is not one", { rules: { preset: "inmte" } }, "rules.preset", /inmet/, / inmet$/],
  ["a hazard to switch off that is not one", { rules: { off: ["ran"] } }, "rules.off.0", /did you mean rain/],
  [
    "quiet hours of no length",
    { quietHours: { from: "22:00", to: "22:00" } },
    "quietHours.to",
    /another time than from/,
    / 06:00$/,
  ],
  [
    "quiet hours that begin at 25:00",
    { quietHours: { from: "25:00", to: "06:00" } },
    "quietHours.from",
    /00:00 to 23:59/,
    / 22:00$/,
  ],
  [
    "quiet hours that end at 6",
    { quietHours: { from: "22:00", to: "6" } },
    "quietHours.to",
    /HH:MM/,
    / 06:00$/,
  ],
  ["a Telegram chat without its id", hook({}), "webhooks.bot.chatId", /format telegram needs/, /@weather/],
  [
    "a webhook over http",
    { webhooks: { a: { url: "http://example.org", secret: `whsec_${"A".repeat(32)}` } } },
    "webhooks.a.url",
    /https/,
  ],
  ["six shards as text", { stream: { shards: "many" } }, "stream.shards", /1 to \d+/, / \d+$/],
  ["no key of the API", { apiKey: undefined }, "apiKey", /the API key of tomorrow\.io/],
];

describe("a mistake in config", () => {
  for (const [what, change, path, says, fix = /./] of REFUSED) {
    it(`is refused, with what is allowed and a value to set: ${what}`, () => {
      const { problems } = failure({ ...good, ...change });

      expect(problems.map((problem) => problem.path.join("."))).to.deep.equal([path]);
      expect(problems[0]?.allowed).to.match(says);
      expect(problems[0]?.fix).to.match(fix).and.not.to.contain("VALUE").and.not.to.contain("HH:MM");
    });
  }

  it("has fixes that are accepted once they are typed or pasted", () => {
    const { problems } = failure({ ...good, rules: { hazards: { rain: { orange: 40 } } } });
    const [, yaml = ""] = problems[0]?.fix.split("stormwire:rules.hazards:\n") ?? [];

    expect(parse({ ...good, rules: { hazards: parseYaml(yaml) } }).rules.preset).to.equal("inmet");
  });
});

describe("config that is unusual and right", () => {
  for (const [what, change] of [
    ["the id of a Telegram group as a number", hook({ chatId: -1001234567890 })],
    ["the id of a Telegram group as text", hook({ chatId: "-1001234567890" })],
    ["own hazards without a preset", rule({})],
    ["a number that may be mobile or not", person({ sms: "+12025550100" })],
    ["a location as JSON text, as the CLI stores it", { locations: JSON.stringify(good.locations) }],
    ["a person as JSON text", { subscriptions: { me: '{"email":"a@example.org","level":"orange"}' } }],
    ["a rate of a year", { poll: "rate(365 days)" }],
    ["dry air below 12 %", rule({ measure: { metric: "humidity" }, levels: { red: 12 }, below: true })],
    ["400 mm of rain in a day", rule({ levels: { red: 400 } })],
  ] as const) {
    it(`is accepted: ${what}`, () => {
      expect(() => parse({ ...good, ...change })).not.to.throw();
    });
  }
});

describe("config that is valid and probably wrong", () => {
  const warnings = (change: Config) => previewWarnings(parse({ ...good, ...change }), undefined).join("\n");
  for (const [what, change, says] of [
    [
      "swapped coordinates",
      at({ latitude: -51.1747, longitude: -30.0536 }),
      /lies in the sea\. Latitude and longitude may be swapped:\n.*latitude -- -30\.0536 && .*longitude -- -51\.1747/,
    ],
    [
      "a latitude without its sign",
      at({ latitude: 30.0536 }),
      /in the sea\. The sign of the latitude may be missing/,
    ],
    ["a longitude without its sign", at({ longitude: 51.1747 }), /The sign of the longitude may be missing/],
    [
      "another continent's time zone",
      at({ timeZone: "Asia/Tokyo" }),
      /in the time zone America\/Sao_Paulo, but its timeZone is Asia\/Tokyo$/m,
    ],
    ["no place at all", at({ latitude: 0, longitude: 0 }), /lies in the sea$/m],
    [
      "a number that is reserved for examples",
      person({ sms: "+12025550100" }),
      /subscriptions\.me\.sms \+12…00 is reserved for examples/,
    ],
    [
      "a number with a digit too few",
      person({ sms: "+551998765432" }),
      /is not in the numbering plan of its country/,
    ],
  ] as const) {
    it(`is warned of: ${what}`, () => {
      expect(warnings(change)).to.match(says);
    });
  }

  it("is not warned of where all is right, also near the border of a zone", () => {
    expect(warnings(at({}))).not.to.match(/lies|numbering/);
    expect(warnings(at({ latitude: -9.97, longitude: -67.8, timeZone: "America/Manaus" }))).not.to.match(
      /lies/,
    );
  });
});
