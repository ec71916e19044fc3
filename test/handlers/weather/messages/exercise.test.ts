import { expect } from "chai";
import fc from "fast-check";
import { alertMessage } from "../../../../handlers/weather/messages/alert-message.ts";
import { asExercise } from "../../../../handlers/weather/messages/exercise.ts";
import { gsm7Length } from "../../../../handlers/weather/messages/gsm7.ts";
import { LANGUAGE_TAGS, wordsOf } from "../../../../handlers/weather/messages/language.ts";
import { textMessage } from "../../../../handlers/weather/messages/scheduled-message.ts";
import { anyTransition, portugueseName } from "../../support/any-transition.ts";
import { portoAlegre } from "../../support/places.ts";
import { rainEscalation } from "../../support/transitions.ts";

const MARKS = { "pt-BR": "EXERCICIO: ", en: "EXERCISE: " };

describe("an exercise", () => {
  it("is marked in every channel", () => {
    const words = wordsOf("pt-BR");
    const drill = asExercise(alertMessage(rainEscalation, portoAlegre, words), words);

    expect(drill.sms).to.match(/^EXERCICIO: SOBE A VERMELHO chuva, Porto Alegre: /);
    expect(drill.subject).to.match(/^EXERCICIO: Subiu/);
    const lines = drill.email.trimEnd().split("\n");
    expect(lines.at(0)).to.include("EXERCÍCIO");
    expect(lines.at(-1)).to.equal(lines.at(0));
    expect(drill.program).to.deep.include({
      kind: "drill",
      exercise: true,
      text: drill.sms,
      alert: rainEscalation,
    });
  });

  it("keeps mark, first figure and time in one segment: the place gives way", () => {
    const language = fc.constantFrom(...LANGUAGE_TAGS);
    const property = fc.property(portugueseName, anyTransition, language, (name, transition, tag) => {
      const words = wordsOf(tag);
      const location = { ...portoAlegre, name };
      const { sms, subject } = asExercise(alertMessage(transition, location, words), words);

      expect(gsm7Length(sms)).to.be.at.most(160);
      expect(sms.startsWith(MARKS[tag])).to.equal(true);
      expect(sms).to.match(/\([^)]+\).*, 30\/04 08:00\./);
      expect(subject.startsWith(MARKS[tag])).to.equal(true);
      expect(subject).to.match(/^[ -~]{1,99}$/);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("cuts the end of a text, never the mark", () => {
    const words = wordsOf("en");
    const drill = asExercise(textMessage("Siren test. ".repeat(26), words), words);

    expect(drill.sms).to.match(/^EXERCISE: Siren test\. .*\.\.\.$/);
    expect(gsm7Length(drill.sms)).to.be.at.most(160);
  });

  it("is marked once, however often", () => {
    const words = wordsOf("en");
    const drill = asExercise(textMessage("Siren test", words), words);
    expect(asExercise(drill, words)).to.deep.equal(drill);
  });
});
