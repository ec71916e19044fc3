import { expect } from "chai";
import fc from "fast-check";
import { isLoopback } from "../../config/checks/webhooks.ts";
import { failure, good, parse } from "../infra/stack-config.ts";

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
      ...good,
      webhooks: {
        ops: json,
        chat: slack,
        group: { ...telegram, level: "red", language: "en" },
      },
    });

    expect(webhooks).to.deep.equal({
      ops: { ...json, format: "json", level: "yellow" },
      chat: { ...slack, level: "yellow" },
      group: { ...telegram, level: "red", language: "en" },
    });
  });

  const refused: [string, Record<string, unknown>, Record<string, string>][] = [
    [
      "plain http to another machine",
      { ...json, url: "http://hooks.example.org:8080/planted" },
      {
        path: "url",
        found: "http://hooks.example.org:8080/… (37 characters)",
        allowed: "http exposes the message",
        fix: "pulumi config set --path --secret stormwire:webhooks.ops.url -- https://hooks.example.org/weather",
      },
    ],
    [
      "a URL with a password",
      { ...json, url: "https://planted:planted@hooks.example.org/" },
      {
        path: "url",
        found: "https://hooks.example.org/… (42 characters)",
        allowed: "without user name and password",
      },
    ],
    [
      "a URL that no parameter holds",
      { ...json, url: `https://hooks.example.org/${"planted".repeat(600)}` },
      {
        path: "url",
        found: "https://hooks.example.org/… (4226 characters)",
        allowed: "an SSM parameter of 4096 bytes must hold it, and this makes",
      },
    ],
    [
      "what is no URL",
      { ...json, url: "planted" },
      { path: "url", found: "pla… (7 characters)", allowed: "an http(s) URL" },
    ],
    [
      "json without a key",
      { url: URL_OF_JSON },
      {
        path: "secret",
        allowed: "a value, which the format json needs",
        fix: "pulumi config set --path --secret stormwire:webhooks.ops.secret -- whsec_KEY",
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
        fix: "pulumi config set --path stormwire:webhooks.ops.chatId -- @weather",
      },
    ],
    [
      "another method of Telegram's",
      { ...telegram, url: "https://api.telegram.org/bot1:planted/getMe" },
      { path: "url", found: "https://api.telegram.org/… (43 characters)", allowed: "sendMessage" },
    ],
    [
      "a mistyped key",
      { ...json, secrets: SECRET },
      {
        path: "secrets",
        found: "(a secret)",
        allowed: "did you mean secret?",
        fix: "pulumi config rm --path stormwire:webhooks.ops.secrets && pulumi config set --path --secret stormwire:webhooks.ops.secret -- VALUE",
      },
    ],
    [
      "a place that does not exist",
      { ...json, locations: ["atlantis"] },
      { path: "locations.0", found: "atlantis", allowed: "Known locations: porto-alegre" },
    ],
  ];
  for (const [what, webhook, expected] of refused) {
    it(`refuses ${what}, and shows nothing secret`, () => {
      const error = failure({ ...good, webhooks: { ops: webhook } });

      const [problem, ...others] = error.problems;
      expect(others).to.deep.equal([]);
      expect(problem?.path.slice(2).join(".")).to.equal(expected.path);
      expect(problem?.found).to.equal(expected.found);
      expect(problem?.allowed).to.include(expected.allowed);
      expect(problem?.fix).to.include(expected.fix ?? "pulumi config set");
      expect(error.message).not.to.include("planted").and.not.to.include(SECRET.slice(6));
    });
  }

  it("may use http on this machine only", () => {
    for (const host of ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"]) {
      const ops = { ...json, url: `http://${host}:8080/hook` };
      expect(() => parse({ ...good, webhooks: { ops } }), host).not.to.throw();
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
});
