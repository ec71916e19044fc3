import { expect } from "chai";
import fc from "fast-check";
import { alertMessage } from "../../../../handlers/weather/messages/alert-message.ts";
import { digestMessage } from "../../../../handlers/weather/messages/digest-message.ts";
import { gsm7Length } from "../../../../handlers/weather/messages/gsm7.ts";
import { wordsOf } from "../../../../handlers/weather/messages/language.ts";
import { drillMessage, textMessage } from "../../../../handlers/weather/messages/scheduled-message.ts";
import { LANGUAGE_TAGS } from "../../../../handlers/weather/messages/tags.ts";
import { anyTransition, portugueseName } from "../../support/any-transition.ts";
import { portoAlegre } from "../../support/places.ts";
import { capOf, gustStart, rainClear, rainEscalation } from "../../support/transitions.ts";

const issuer = {
  sender: "Defesa Civil",
  advice: { rain: { red: "Saia de áreas de risco. Ligue 199." }, any: { orange: "Evite sair" } },
};
const words = wordsOf("pt-BR");
const send = (transition: typeof rainEscalation) => alertMessage(transition, portoAlegre, words, [], issuer);

describe("who sends, and what they advise", () => {
  it("stand first and last in an SMS, and in the mail", () => {
    const { sms, subject, email } = send(rainEscalation);

    expect(sms).to.equal(
      "Defesa Civil: CHUVA sobe para VERMELHO em Porto Alegre: 100,2 mm em 24 h (limite 100 mm), 30/04 08:00. Saia de areas de risco. Ligue 199.",
    );
    expect(subject).to.match(/^Defesa Civil: Subiu para o nivel vermelho/);
    expect(email).to.match(
      /^Defesa Civil: Subiu para o nível .*\.\nSaia de áreas de risco\. Ligue 199\.\n\n/,
    );
  });

  it("are of the hazard, else of any, and of that level alone", () => {
    expect(send(gustStart).sms).to.include(". Evite sair.");
    expect(send({ ...gustStart, level: "red" }).sms).not.to.include("Evite");
    expect(send(rainClear).sms, "nothing is advised at the end").not.to.match(/Ligue|Evite/);
    expect(send(rainClear).sms).to.match(/^Defesa Civil: FIM do alerta VERMELHO de chuva/);
  });

  it("stand in scheduled messages, before the mark of a drill", () => {
    const time = new Date("2024-05-01T10:00:00Z");
    const drill = { hazard: "rain", level: "red" } as const;

    expect(textMessage("Reunião às 15 h", words, issuer).sms).to.equal("Defesa Civil: Reuniao às 15 h");
    expect(digestMessage([], time, words, issuer).sms).to.match(/^Defesa Civil: Resumo /);
    expect(drillMessage(drill, [portoAlegre], time, words, issuer).sms).to.match(
      /^Defesa Civil: EXERCICIO: CHUVA no nivel VERMELHO em Porto Alegre/,
    );
  });

  it("are the name and the instruction of a CAP message", () => {
    const { xml } = capOf(rainEscalation, portoAlegre, { sender: "s", languages: ["pt-BR"], issuer });

    expect(xml).to.include("<senderName>Defesa Civil</senderName>");
    expect(xml).to.match(/<instruction>Saia de áreas de risco\. Ligue 199\.\nSiga as orientações/);
  });

  it("leave every SMS one segment, and its facts whole", () => {
    const language = fc.constantFrom(...LANGUAGE_TAGS);
    const property = fc.property(portugueseName, anyTransition, language, (name, transition, tag) => {
      const place = { ...portoAlegre, name };
      const { sms } = alertMessage(transition, place, wordsOf(tag), [], issuer);

      expect(gsm7Length(sms)).to.be.at.most(160);
      expect(sms).to.match(/^Defesa Civil: .*-?\d+([.,]\d)?[^:]*\([^)]+\).*, 30(\/04| Apr) 08:00\./);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
