import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { evaluate } from "../../../../handlers/weather/evaluate.ts";
import { FIELDS } from "../../../../handlers/weather/fields.ts";
import { alertMessage } from "../../../../handlers/weather/messages/alert-message.ts";
import { gsm7Length } from "../../../../handlers/weather/messages/gsm7.ts";
import { LANGUAGE_TAGS, wordsOf } from "../../../../handlers/weather/messages/language.ts";
import type { Message } from "../../../../handlers/weather/messages/message.ts";
import { digestMessage, textMessage } from "../../../../handlers/weather/messages/scheduled-message.ts";
import { compileRules, LEVELS } from "../../../../handlers/weather/rules.ts";
import { INITIAL_STATE, type Transition } from "../../../../handlers/weather/state.ts";
import { portoAlegre, rioGrande } from "../../support/places.ts";
import { presets } from "../../support/presets.ts";

const escalation: Transition = {
  id: "porto-alegre/rain/2024-04-30T11:00:00Z/escalation",
  time: "2024-04-30T11:00:00Z",
  location: "porto-alegre",
  hazard: "rain",
  level: "red",
  kind: "escalation",
  value: 100.2,
  threshold: 100,
  measure: { metric: "rainIntensity", over: "24h", as: "sum" },
  below: false,
  scale: "INMET",
  since: "2024-04-30T06:00:00Z",
};
const gustStart: Transition = {
  ...escalation,
  hazard: "wind",
  level: "orange",
  kind: "start",
  value: 24.7,
  threshold: 20,
  measure: { metric: "windGust" },
  since: escalation.time,
};
const clear: Transition = {
  ...escalation,
  kind: "clear",
  time: "2024-05-03T07:00:00Z",
  value: 20.6,
  threshold: 50,
};

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

describe("messages", () => {
  for (const language of LANGUAGE_TAGS) {
    it(`read as agreed in ${language}`, () => {
      const words = wordsOf(language);
      const places = [{ location: rioGrande }, { location: portoAlegre, state: stormState() }];
      const rendered = render({
        start: alertMessage(gustStart, portoAlegre, words),
        escalation: alertMessage(escalation, portoAlegre, words),
        clear: alertMessage(clear, portoAlegre, words),
        text: textMessage("Reunião da defesa civil às 15 h.", words),
        digest: digestMessage(places, new Date("2024-05-01T10:00:00Z"), words),
      });
      const golden = new URL(`../../golden/messages.${language}.txt`, import.meta.url);
      expect(rendered).to.equal(readFileSync(golden, "utf-8"));
    });
  }

  it("never speak of a warning of INMET's", () => {
    for (const language of LANGUAGE_TAGS) {
      const { sms, email } = alertMessage(escalation, portoAlegre, wordsOf(language));
      expect(`${sms} ${email}`).to.not.match(/INMET warning|(aviso|alerta) (do|da) INMET/i);
    }
  });

  it("name as many places as fit in a digest, and count the others", () => {
    const places = Array.from({ length: 30 }, (_, index) => ({
      location: { ...portoAlegre, name: `Lugar ${index}` },
    }));
    const { sms } = digestMessage(places, new Date("2024-05-01T10:00:00Z"), wordsOf("pt-BR"));
    expect(sms).to.match(/^Resumo 01\/05 07:00: Lugar 0 sem dados; .*; \+23$/);
    expect(gsm7Length(sms)).to.be.at.most(160);
  });

  const rules = Object.values(presets).flatMap((preset) => compileRules(preset));
  const portuguese = fc.string({
    unit: fc.constantFrom(..."aàáâãbcçdeéêfghiíjlmnoóôõpqrstuúüvxzAÁÂÃBCÇDEÉÊOÓÔÕ -'.º"),
    minLength: 1,
    maxLength: 40,
  });
  const anyTransition = fc
    .record({
      rule: fc.constantFrom(...rules),
      level: fc.constantFrom(...LEVELS),
      kind: fc.constantFrom("start" as const, "escalation" as const, "clear" as const),
      value: fc.double({ min: -1000, max: 1000, noNaN: true }),
    })
    .map(({ rule, level, kind, value }): Transition => {
      const { hazard, measure, below, scale } = rule;
      const threshold = rule.levels[0]?.threshold ?? 0;
      return {
        ...escalation,
        hazard,
        measure,
        below,
        level,
        kind,
        value,
        threshold,
        ...(scale !== undefined && { scale }),
      };
    });

  it("are one SMS segment for any place, preset and language, with level, figure and time", () => {
    const property = fc.property(
      portuguese,
      anyTransition,
      fc.constantFrom(...LANGUAGE_TAGS),
      (name, transition, language) => {
        const words = wordsOf(language);
        const { sms, subject } = alertMessage(transition, { ...portoAlegre, name }, words);
        expect(gsm7Length(sms)).to.be.at.most(160);
        expect(sms).to.include(words.levels[transition.level].toUpperCase());
        expect(sms).to.include("30/04 08:00");
        expect(subject).to.match(/^[ -~]{1,99}$/);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it("are one SMS segment whatever the measure", () => {
    for (const metric of FIELDS) {
      const transition: Transition = {
        ...escalation,
        hazard: "h".repeat(24),
        measure: { metric, over: "7d", as: "mean" },
        value: -1234.5,
      };
      const { sms } = alertMessage(transition, { ...portoAlegre, name: "N".repeat(40) }, wordsOf("pt-BR"));
      expect(gsm7Length(sms)).to.be.at.most(160);
      expect(sms).to.match(/N{9}/);
    }
  });
});
