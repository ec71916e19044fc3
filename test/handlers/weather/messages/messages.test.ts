import { expect } from "chai";
import { evaluate } from "../../../../handlers/weather/evaluate.ts";
import { gsm7Length } from "../../../../handlers/weather/messages/gsm7.ts";
import { LANGUAGE_TAGS, wordsOf } from "../../../../handlers/weather/messages/language.ts";
import type { Message } from "../../../../handlers/weather/messages/message.ts";
import { digestMessage, textMessage } from "../../../../handlers/weather/messages/scheduled-message.ts";
import { presets } from "../../../../handlers/weather/presets/presets.ts";
import { compileRules } from "../../../../handlers/weather/rules.ts";
import { INITIAL_STATE } from "../../../../handlers/weather/state.ts";
import { expectGolden } from "../../support/golden.ts";
import { portoAlegre, rioGrande } from "../../support/places.ts";

function stormState() {
  const rules = compileRules(presets.inmet);
  let state = INITIAL_STATE;
  for (let hour = 0; hour < 24; hour++) {
    const time = new Date(Date.UTC(2024, 3, 30, hour));
    const values = { rainIntensity: 5, temperature: 19.4, humidity: 95, windGust: 9.3, windSpeed: 2.1 };
    state = evaluate(state, { location: portoAlegre.id, time, values }, rules).state;
  }
  return state;
}

/** Each message in full, as a reader would like to see it. */
function render(messages: Readonly<Record<string, Message>>): string {
  return Object.entries(messages)
    .map(([name, { sms, subject, email }]) => `== ${name}\nSMS: ${sms}\nSubject: ${subject}\n\n${email}`)
    .join("\n");
}

describe("scheduled messages", () => {
  for (const language of LANGUAGE_TAGS) {
    it(`read as agreed in ${language}`, () => {
      const words = wordsOf(language);
      const places = [{ location: rioGrande }, { location: portoAlegre, state: stormState() }];
      const rendered = render({
        text: textMessage("Reunião da defesa civil às 15 h.", words),
        digest: digestMessage(places, new Date("2024-05-01T10:00:00Z"), words),
      });
      expectGolden(`messages.${language}.txt`, rendered);
    });
  }

  it("name as many places as fit in a digest, and count the others", () => {
    const places = Array.from({ length: 30 }, (_, index) => ({
      location: { ...portoAlegre, name: `Lugar ${index}` },
    }));
    const { sms } = digestMessage(places, new Date("2024-05-01T10:00:00Z"), wordsOf("pt-BR"));
    expect(sms).to.match(/^Resumo 01\/05 07:00: Lugar 0 sem dados; .*; \+23$/);
    expect(gsm7Length(sms)).to.be.at.most(160);
  });
});
