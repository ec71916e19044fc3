import { expect } from "chai";
import { explainAccount, type SmsAccount } from "../../../cli/subscriptions/account.ts";

const free: SmsAccount = {
  region: "us-east-1",
  isInSandbox: { value: false },
  attributes: { value: { MonthlySpendLimit: "50", DefaultSMSType: "Transactional" } },
};
const fresh: SmsAccount = { ...free, isInSandbox: { value: true }, attributes: { value: {} } };
const closed: SmsAccount = {
  ...free,
  isInSandbox: { denied: "not today" },
  attributes: { denied: "nor ever" },
};

describe("SMS account explained", () => {
  const cases: [string, SmsAccount, number, string[], RegExp[]][] = [
    ["free", free, 3, [], [/^no: any number/, /^\$50 a month/, /^Transactional/]],
    [
      "new, with phones",
      fresh,
      3,
      ["sandbox", "spend limit"],
      [/^yes: only/, /^\$1 a month.*ask AWS/, /^Promotional/],
    ],
    ["new, without phones", fresh, 0, [], [/^yes: only/, /^\$1 a month/, /^Promotional/]],
    ["not to be asked", closed, 3, [], [/^unknown: not today/, /^unknown: nor ever/, /^unknown: nor ever/]],
  ];
  for (const [what, account, phones, warnings, texts] of cases) {
    it(`when it is ${what}`, () => {
      const findings = explainAccount(account, phones);

      expect(findings.filter(({ isWarning }) => isWarning).map(({ subject }) => subject)).to.deep.equal(
        warnings,
      );
      for (const [index, pattern] of texts.entries()) {
        expect(findings[index]?.text).to.match(pattern);
      }
    });
  }
});
