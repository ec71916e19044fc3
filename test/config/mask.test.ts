import { inspect } from "node:util";
import { expect } from "chai";
import { maskMailbox, maskPhone, maskText, maskUrl } from "../../config/mask.ts";
import { failure, good } from "../infra/stack-config.ts";

describe("masks", () => {
  const masked: [(text: string) => string, string, string][] = [
    [maskPhone, "+12025550101", "+12…01"],
    [maskPhone, "051 9999", "…99"],
    [maskMailbox, "duty@example.org", "d…@example.org"],
    [maskMailbox, "nobody", "n…"],
    [maskUrl, "https://hooks.slack.com/services/T0/B0/xyz?a=b", "https://hooks.slack.com/…"],
    [maskUrl, "https://user:password@example.org", "https://example.org/…"],
    [maskUrl, "hooks.slack.com/services/T0", "hoo…"],
    [maskText, "call +55 51 99999-0001 or 5551999990001", "call +55…01 or 555…01"],
    [maskText, '{"email":"duty@example.org", broken', '{"email":"d…@example.org", broken'],
    [maskText, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "(a secret)"],
  ];
  for (const [mask, text, expected] of masked) {
    it(`show ${text} as ${expected}`, () => expect(mask(text)).to.equal(expected));
  }

  it("leave names, schedules and times as they are", () => {
    for (const text of ["night-shift", "cron(0 12 * * ? *)", "2026-12-24T18:00:00-03:00", "p1234567890"]) {
      expect(maskText(text)).to.equal(text);
    }
  });
});

/** What must be in no log: parts that nothing else in a message contains. */
const PHONE = "51999987654";
const HALF = "51 9876";
const MAILBOX = "maria.souza";
const PATH = "T0SECRETPATH";
const SECRET = "hunter2hunter2";

describe("config errors", () => {
  const cases: [string, Record<string, unknown>, RegExp][] = [
    [
      "a phone with spaces",
      { subscriptions: { ana: { sms: `+55 ${PHONE}` } } },
      /\+55…54 \(15 characters, 13 digits\)/,
    ],
    [
      "a phone that YAML made a number",
      { subscriptions: { ana: { sms: Number(`55${PHONE}000`) } } },
      /555…00 \(16 characters, 16 digits\)/,
    ],
    ["a phone under an unknown key", { subscriptions: { ana: { smss: `+55${PHONE}` } } }, /did you mean sms/],
    ["half a phone under an unknown key", { subscriptions: { ana: { smss: HALF } } }, /…76/],
    ["a phone as a name", { subscriptions: { [`+55${PHONE}`]: { email: "a@example.org" } } }, /\+55…54/],
    ["a mailbox without a host", { subscriptions: { ana: { email: MAILBOX } } }, /m… \(11 characters\)/],
    ["a mailbox of ops", { opsEmail: `${MAILBOX}@` }, /opsEmail/],
    ["an unknown section", { people: { ana: { sms: `+55${PHONE}`, mail: `${MAILBOX}@x.org` } } }, /\+55…54/],
    [
      "text that is no JSON",
      { subscriptions: `{ana: {sms: +55${PHONE}, email: ${MAILBOX}@x.org}}` },
      /m…@x\.org/,
    ],
    ["a URL that is none", { webhooks: { w: { url: `x/${PATH}`, format: "slack" } } }, /x\/T…/],
    [
      "a webhook that lacks its key",
      { webhooks: { w: { url: `https://x.org/${PATH}` } } },
      /webhooks\.w\.secret/,
    ],
    ["a bad signing key", { webhooks: { w: { url: "https://x.org", secret: SECRET } } }, /\(a secret\)/],
    ["a key under a wrong name", { apikey: SECRET }, /did you mean apiKey/],
    ["a token under any name", { webhooks: { w: { url: "https://x.org", token: SECRET } } }, /\(a secret\)/],
    ["an API key", { apiKey: "", locations: {} }, /"\(a secret\)"/],
  ];
  for (const [what, config, useful] of cases) {
    it(`do not give away ${what}, and say what is wrong with it`, () => {
      const error = failure({ ...good, ...config });

      for (const part of [PHONE, HALF, MAILBOX, PATH, SECRET]) {
        expect(inspect(error, { depth: 9 })).not.to.include(part);
      }
      expect(error.message).to.match(useful);
    });
  }
});
