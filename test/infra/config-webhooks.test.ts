import { expect } from "chai";
import fc from "fast-check";
import { parseConfig } from "../../infra/config-parse.ts";
import { ConfigError } from "../../infra/config-problems.ts";
import { isLoopback } from "../../infra/config-webhook-checks.ts";

const SECRET = `whsec_${Buffer.alloc(24, "planted-key-of-24-bytes.").toString("base64")}`;
const URL_OF_JSON = "https://hooks.example.org/planted-path?token=planted-token";
const json = { url: URL_OF_JSON, secret: SECRET };
const slack = { url: "https://hooks.slack.com/services/T0/B0/planted", format: "slack" };
const telegram = {
  url: "https://api.telegram.org/bot1:planted/sendMessage",
  format: "telegram",
  chatId: "@planted_chat",
};

describe("webhooks in the stack's config", () => {
  it("are taken in each format, json by default, at every level and place unless they say otherwise", () => {
    const { webhooks } = parse({
      ops: json,
      chat: slack,
      group: { ...telegram, level: "red", language: "en" },
    });

    expect(webhooks).to.deep.equal({
      ops: { ...json, format: "json", level: "yellow" },
      chat: { ...slack, level: "yellow" },
      group: { ...telegram, level: "red", language: "en" },
    });
  });

  it("may be addressed by a message, by name", () => {
    const test = { cron: "0 12 * * ? *", timeZone: "UTC", text: "Test", audience: ["ops"] };

    expect(() => parse({ ops: json }, { messages: { test } })).not.to.throw();
  });

  const refused: [string, Record<string, unknown>, Record<string, string>][] = [
    [
      "plain http to another machine",
      { ...json, url: "http://hooks.example.org:8080/planted" },
      {
        path: "url",
        found: "a http URL at hooks.example.org:8080",
        allowed: "https, for the message",
        fix: "pulumi config set --path --secret stormwire:webhooks.ops.url https://hooks.example.org/weather",
      },
    ],
    [
      "a URL with a password",
      { ...json, url: "https://planted:planted@hooks.example.org/" },
      {
        path: "url",
        found: "a URL at hooks.example.org with a user name or password in it",
        allowed: "without",
      },
    ],
    [
      "a URL that no parameter holds",
      { ...json, url: `https://hooks.example.org/${"planted".repeat(300)}` },
      { path: "url", found: "a URL of 2126 characters", allowed: "2000 characters at most" },
    ],
    [
      "what is no URL",
      { ...json, url: "planted" },
      { path: "url", found: "(a secret)", allowed: "an http(s) URL" },
    ],
    [
      "json without a key",
      { url: URL_OF_JSON },
      {
        path: "secret",
        allowed: "a value, which the format json needs",
        fix: "pulumi config set --path --secret stormwire:webhooks.ops.secret whsec_KEY",
      },
    ],
    [
      "a key that is too short",
      { ...json, secret: "whsec_planted" },
      { path: "secret", found: "(a secret)", allowed: "whsec_ and 24 to 64 random bytes in base64" },
    ],
    [
      "a key that is cut off",
      { ...json, secret: `${SECRET}A` },
      { path: "secret", found: "a key that is not whole base64", allowed: "padded with =" },
    ],
    [
      "a key that nothing is signed with",
      { ...slack, secret: SECRET },
      {
        path: "secret",
        found: "(a secret)",
        allowed: "nothing: of the formats only json uses it, and this is slack",
        fix: "pulumi config rm --path stormwire:webhooks.ops.secret",
      },
    ],
    [
      "Telegram without a chat",
      { url: telegram.url, format: "telegram" },
      {
        path: "chatId",
        allowed: "a value, which the format telegram needs",
        fix: "pulumi config set --path --secret stormwire:webhooks.ops.chatId @weather",
      },
    ],
    [
      "another method of Telegram's",
      { ...telegram, url: "https://api.telegram.org/bot1:planted/getMe" },
      { path: "url", found: "a URL at api.telegram.org of another method", allowed: "sendMessage" },
    ],
    [
      "a mistyped key",
      { ...json, secrets: SECRET },
      {
        path: "secrets",
        found: "(a secret)",
        allowed: "did you mean secret?",
        fix: "pulumi config rm --path stormwire:webhooks.ops.secrets && pulumi config set --path --secret stormwire:webhooks.ops.secret VALUE",
      },
    ],
    [
      "a place that does not exist",
      { ...json, locations: ["atlantis"] },
      { path: "locations.0", found: "atlantis", allowed: "one of the configured places: here" },
    ],
  ];
  for (const [what, webhook, expected] of refused) {
    it(`refuses ${what}, and shows nothing secret`, () => {
      const error = failure({ ops: webhook });

      const [problem, ...others] = error.problems;
      expect(others).to.deep.equal([]);
      expect(problem?.path.slice(2).join(".")).to.equal(expected.path);
      expect(problem?.found).to.equal(expected.found);
      expect(problem?.allowed).to.include(expected.allowed);
      expect(problem?.fix).to.include(expected.fix ?? "pulumi config set");
      expect(error.message).not.to.include("planted").and.not.to.include(SECRET.slice(6));
    });
  }

  it("may not have the name of a person", () => {
    const error = failure({ ops: json }, { subscriptions: { ops: { email: "ops@example.org" } } });

    expect(error.message).to.include("a name that no subscription has");
  });

  it("count towards the filter policies that a topic takes", () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`w${n}`, json]));
    const subscriptions = { ana: { email: "ana@example.org" } };

    expect(() => parse(many(199), { subscriptions })).not.to.throw();
    expect(failure(many(200), { subscriptions }).message).to.include("1 phones and mailboxes, 200 webhooks");
  });

  it("may use http on this machine only", () => {
    for (const host of ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"]) {
      expect(() => parse({ ops: { ...json, url: `http://${host}:8080/hook` } }), host).not.to.throw();
    }
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        expect(isLoopback(new URL(url))).to.equal(false);
      }),
    );
    for (const host of ["127.0.0.1.example.org", "localhost.example.org", "128.0.0.1"]) {
      expect(isLoopback(new URL(`http://${host}/`)), host).to.equal(false);
    }
  });

  it("hide a value of the whole section that is none", () => {
    expect(failure("planted" as unknown as Record<string, unknown>).message).to.include("(a secret)");
    expect(failure({ ops: "planted" }).message).to.include("(a secret)");
  });
});

const here = { name: "Here", latitude: 0, longitude: 0, timeZone: "UTC" };

function parse(webhooks: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const config = { locations: { here }, webhooks, ...more };
  const texts = Object.entries(config).map(([key, value]) => [`stormwire:${key}`, JSON.stringify(value)]);
  return parseConfig({ ...Object.fromEntries(texts), "stormwire:apiKey": "key" }, "dev");
}

function failure(webhooks: Record<string, unknown>, more: Record<string, unknown> = {}): ConfigError {
  try {
    parse(webhooks, more);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the config was accepted");
}
