import { expect } from "chai";
import fc from "fast-check";
import type { AlertState } from "../../../../handlers/weather/alerts/state.ts";
import type { LocationReport } from "../../../../handlers/weather/messages/digest-location.ts";
import { digestMessage } from "../../../../handlers/weather/messages/digest-message.ts";
import { gsm7Length } from "../../../../handlers/weather/messages/gsm7.ts";
import { wordsOf } from "../../../../handlers/weather/messages/language.ts";
import type { Message } from "../../../../handlers/weather/messages/message.ts";
import { drillMessage, textMessage } from "../../../../handlers/weather/messages/scheduled-message.ts";
import { LANGUAGE_TAGS } from "../../../../handlers/weather/messages/tags.ts";
import { LEVELS } from "../../../../handlers/weather/rules/rules.ts";
import { portoAlegre } from "../../support/places.ts";
import { alert, calmed, gusts, NOW } from "./location-reports.ts";

describe("the length of scheduled messages", () => {
  const words = fc.constantFrom(...LANGUAGE_TAGS.map(wordsOf));
  const portuguese = fc.string({
    unit: fc.constantFrom(..."aãâáàbcçdeéêfghiíjlmnoóõôpqrstuúüvxzÃÇÕ -'.º"),
    minLength: 1,
    maxLength: 40,
  });
  const place = portuguese.map((name) => ({ ...portoAlegre, name: name.trim() === "" ? "X" : name.trim() }));
  const hazard = fc.constantFrom("rain", "wind", "dry-air", "h".repeat(24));
  const level = fc.constantFrom(...LEVELS);

  function expectLimits({ sms, subject }: Message): void {
    expect(gsm7Length(sms)).to.be.within(1, 160);
    expect(subject).to.match(/^[ -~]{1,99}$/);
  }

  it("is one SMS segment and one line of subject for any text", () => {
    const text = fc.oneof(fc.string({ unit: "grapheme", minLength: 1, maxLength: 320 }), portuguese);
    fc.assert(fc.property(text, words, (any, language) => expectLimits(textMessage(any, language))));
  });

  const texts: [string, string, string][] = [
    ["160 letters are whole", "a".repeat(160), "a".repeat(160)],
    ["161 letters end in dots", "a".repeat(161), `${"a".repeat(157)}...`],
    ["a sign of two septets counts twice", "€".repeat(81), `${"€".repeat(78)}...`],
    ["a degree sign alone is not an empty text", "°", "Stormwire"],
  ];
  for (const [name, text, sms] of texts) {
    it(name, () => expect(textMessage(text, wordsOf("en")).sms).to.equal(sms));
  }

  it("is whole in the mail, however long", () => {
    expect(textMessage("ã".repeat(320), wordsOf("pt-BR")).email).to.include("ã".repeat(320));
  });

  it("is one segment for a digest of any places, with the worst level of all in it", () => {
    const hazards = fc.dictionary(
      fc.constantFrom("rain", "wind", "dry-air", "h".repeat(24)),
      fc.constantFrom(1 as const, 2 as const, 3 as const).map((rank) => alert(rank, gusts.time)),
    );
    const state = fc.option(
      hazards.map((active): AlertState => ({ ...calmed, hazards: active })),
      { nil: undefined },
    );
    const silentSince = fc.option(fc.constant(gusts.time), { nil: undefined });
    const placeState = fc.record({ location: place, state, silentSince }).map(
      ({ location, ...known }): LocationReport => ({
        location,
        watches: [],
        ...(known.state && { state: known.state }),
        ...(known.silentSince && { silentSince: known.silentSince }),
      }),
    );
    const property = fc.property(
      fc.array(placeState, { minLength: 1, maxLength: 40 }),
      words,
      (places, language) => {
        const message = digestMessage(places, NOW, language);
        expectLimits(message);
        const ranks = places.flatMap((one) =>
          Object.values(one.state?.hazards ?? {}).map(({ rank }) => Number(rank)),
        );
        const worst = LEVELS[Math.max(0, ...ranks) - 1];
        if (worst !== undefined) expect(message.sms).to.include(language.levels[worst].toUpperCase());
        for (const { location } of places) expect(message.email).to.include(location.name);
      },
    );
    fc.assert(property, { numRuns: 100 });
  });

  it("is one segment for any drill, the mark first and the note last, in every form", () => {
    const property = fc.property(
      fc.array(place, { minLength: 1, maxLength: 40 }),
      hazard,
      level,
      words,
      (places, anyHazard, anyLevel, language) => {
        const message = drillMessage({ hazard: anyHazard, level: anyLevel }, places, NOW, language);
        const mark = language.language === "en" ? /^EXERCISE: / : /^EXERC[IÍ]CIO: /;
        expectLimits(message);
        for (const form of [message.sms, message.subject, message.email, message.program.text]) {
          expect(form).to.match(mark);
        }
        expect(message.sms).to.include(language.levels[anyLevel].toUpperCase());
        expect(message.sms).to.match(
          /(01\/05|1 May) 07:00\. (A drill: nothing is happening|Simulado: nada .*)\.$/,
        );
        expect(message.program)
          .to.deep.include({ kind: "drill", exercise: true })
          .and.not.to.have.property("alert");
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it("counts the places that a drill has no room for", () => {
    const places = Array.from({ length: 30 }, (_, index) => ({ ...portoAlegre, name: `Lugar ${index}` }));
    const { sms } = drillMessage({ hazard: "rain", level: "orange" }, places, NOW, wordsOf("pt-BR"));

    expect(sms).to.match(
      /^EXERCICIO: CHUVA no nivel LARANJA em Lugar 0, Lugar 1, .* \+\d+, 01\/05 07:00\. Simulado/,
    );
  });
});
