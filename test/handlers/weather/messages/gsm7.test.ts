import { expect } from "chai";
import fc from "fast-check";
import { gsm7Length, toAscii, toGsm7, truncateGsm7 } from "../../../../handlers/weather/messages/gsm7.ts";
import { toSms, toSubject } from "../../../../handlers/weather/messages/message.ts";

describe("GSM-7", () => {
  it("says Portuguese without the signs that it lacks", () => {
    expect(toGsm7("São João à 19,4 °C – ação “já”")).to.equal('Sao Joao à 19,4 C - acao "ja"');
    expect(toGsm7("Óbidos, N.º 3, Łódź, ბათუმი")).to.equal("Obidos, N.o 3, Lodz, ??????");
  });

  it("counts the extension table twice", () => {
    expect(gsm7Length("a€[")).to.equal(5);
    expect(gsm7Length("ã")).to.equal(Number.POSITIVE_INFINITY);
  });

  it("is cut by septets, not by characters", () => {
    expect(truncateGsm7("€".repeat(90))).to.equal(`${"€".repeat(78)}...`);
  });

  it("makes one segment, and an ASCII subject, of any text", () => {
    const property = fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
      expect(gsm7Length(toSms(text))).to.be.at.most(160);
      expect(toSubject(text)).to.match(/^[!-~]([ -~]{0,97}[!-~])?$/);
      expect(toAscii(text)).to.match(/^[ -~]*$/);
    });
    fc.assert(property);
  });
});
