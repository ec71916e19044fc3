import { expect } from "chai";
import fc from "fast-check";
import type { Transition } from "../../../../handlers/weather/alerts/transition.ts";
import { alertMessage } from "../../../../handlers/weather/messages/alert-message.ts";
import { gsm7Length, toAscii, toGsm7 } from "../../../../handlers/weather/messages/gsm7.ts";
import { alertKind } from "../../../../handlers/weather/messages/hazard.ts";
import type { HourlyHistory } from "../../../../handlers/weather/messages/history-table.ts";
import { wordsOf } from "../../../../handlers/weather/messages/language.ts";
import type { Message } from "../../../../handlers/weather/messages/message.ts";
import { LANGUAGE_TAGS, type Language } from "../../../../handlers/weather/messages/tags.ts";
import { FIELDS } from "../../../../handlers/weather/observation/fields.ts";
import { anyTransition, portugueseName, presetHazards } from "../../support/any-transition.ts";
import { expectGolden } from "../../support/golden.ts";
import { portoAlegre } from "../../support/places.ts";
import { fireStart, gustStart, rainEscalation, rainRepeat, transitions } from "../../support/transitions.ts";

/** Rain of the 24 hours before the escalation, in mm; two hours are not known. */
const RAIN = [
  0, 0, 0, 0.2, 1.4, 0, 2.8, 7.4, 11, 3.6, 2, 2.2, 4.8, 9.2, 6, 4.4, 5.2, 3, 8.8, 12.4, 9, 4.6, 2.2, 0,
];
const rainHistory: HourlyHistory = RAIN.map((millimetres, index): [number, number] => [
  Date.UTC(2024, 3, 29, 11 + index) / 1000,
  millimetres,
]).filter((_, index) => index !== 5 && index !== 21);

/** Gusts of the 24 hours up to the start, in m/s. */
const gustHistory: HourlyHistory = RAIN.map((millimetres, index): [number, number] => [
  Date.UTC(2024, 3, 29, 11 + index) / 1000,
  index === RAIN.length - 1 ? 24.7 : 4 + millimetres / 4,
]);

/** Of the metric that a transition measures, where the golden file shows it. */
const histories: Readonly<Record<string, HourlyHistory>> = { start: gustHistory, escalation: rainHistory };

/** Each message in full, as a reader would like to see it. */
function render(messages: Readonly<Record<string, Message>>): string {
  return Object.entries(messages)
    .map(
      ([name, { sms, subject, email }]) =>
        `== ${name}\nSMS (${gsm7Length(sms)}): ${sms}\nSubject: ${subject}\n\n${email}`,
    )
    .join("\n");
}

describe("alert messages", () => {
  for (const language of LANGUAGE_TAGS) {
    it(`read as agreed in ${language}`, () => {
      const words = wordsOf(language);
      const messages = Object.entries(transitions).map(([name, transition]) => [
        name,
        alertMessage(transition, portoAlegre, words, histories[name]),
      ]);
      expectGolden(`alert-messages.${language}.txt`, render(Object.fromEntries(messages)));
    });
  }

  it("call every hazard of the presets by a name in each language", () => {
    for (const tag of LANGUAGE_TAGS) {
      expect(wordsOf(tag).hazards).to.include.all.keys(...presetHazards);
    }
  });

  it("say that a level is back, and since when it is at that level and the alert", () => {
    const back = { ...rainEscalation, again: true as const };
    const still = { ...rainRepeat, levelSince: "2024-04-30T11:00:00Z" };
    const sms = (transition: Transition, tag: Language) =>
      alertMessage(transition, portoAlegre, wordsOf(tag)).sms;

    expect(sms(back, "pt-BR")).to.match(/^CHUVA VOLTA A VERMELHO em Porto Alegre: /);
    expect(sms(back, "en")).to.match(/^Rain BACK AT RED, Porto Alegre: /);
    expect(sms(still, "pt-BR")).to.match(/ VERMELHO desde 30\/04 08:00, alerta desde 30\/04 03:00\.$/);
    expect(sms(still, "en")).to.match(/ RED since 30 Apr 08:00, alert since 30 Apr 03:00\.$/);
    expect(alertMessage(still, portoAlegre, wordsOf("pt-BR")).email).to.include(
      "Alerta desde: 30/04/2024 03:00 (horário de Brasília)\nNeste nível desde: 30/04/2024 08:00 (horário de Brasília)",
    );
  });

  it("never speak of a warning of INMET's", () => {
    for (const language of LANGUAGE_TAGS) {
      const { sms, email } = alertMessage(rainEscalation, portoAlegre, wordsOf(language));
      expect(`${sms} ${email}`).to.not.match(
        /(?<!not an )INMET warning|(?<!n[aã]o [eé] )(aviso|alerta) (do|da) INMET/i,
      );
    }
  });

  it("say below what a danger lies, and at its end above what it rose", () => {
    const dryAir: Transition = {
      ...gustStart,
      hazard: "dry-air",
      measure: { metric: "humidity" },
      below: true,
      threshold: 20,
    };
    const textOf = (kind: Transition["kind"], value: number) =>
      alertMessage({ ...dryAir, kind, value }, portoAlegre, wordsOf("pt-BR")).sms;

    expect(textOf("start", 15)).to.include("umidade 15 % (abaixo de 20 %)");
    expect(textOf("clear", 45)).to.include("umidade 45 % (acima de 20 %)");
  });

  it("leave the last conditions of many out, by number, before a place loses its name", () => {
    const sms = (name: string, conditions = fireStart.conditions ?? []) =>
      alertMessage({ ...fireStart, conditions }, { ...portoAlegre, name }, wordsOf("pt-BR")).sms;
    const rain = { metric: "rainIntensity", over: "24h", as: "sum" } as const;
    const five = [
      ...(fireStart.conditions ?? []),
      { measure: rain, below: true, value: 0.2, threshold: 1 },
      { measure: { metric: "visibility" } as const, below: true, value: 2.5, threshold: 4 },
    ];

    expect(sms("Porto Alegre")).to.equal(
      "RISCO DE FOGO no nivel LARANJA em Porto Alegre: umidade 15 % (<20), temp. 33 C (30), rajada 45 km/h (40), 30/04 08:00.",
    );
    expect(sms("Porto Alegre", five)).to.equal(
      "RISCO DE FOGO no nivel LARANJA em Porto Alegre: umidade 15 % (<20), temp. 33 C (30), rajada 45 km/h (40), " +
        "chuva 0,2 mm em 24 h (<1) +1, 30/04 08:00.",
    );
    expect(sms("Sao Gonçalo do Rio Abaixo, estação norte", five)).to.equal(
      "RISCO DE FOGO no nivel LARANJA em Sao Goncalo do Rio Abaixo, estacao norte: umidade 15 % (<20), temp. 33 C (30), rajada 45 km/h (40) +2, 30/04 08:00.",
    );
  });

  const language = fc.constantFrom(...LANGUAGE_TAGS);

  it("are one SMS segment for any place, preset, kind and language, the most important words first", () => {
    const property = fc.property(portugueseName, anyTransition, language, (name, transition, tag) => {
      const words = wordsOf(tag);
      const { sms, subject, program } = alertMessage(transition, { ...portoAlegre, name }, words);

      expect(gsm7Length(sms)).to.be.at.most(160);
      const hazard = words.hazards[transition.hazard] ?? transition.hazard;
      const head = words.sms[alertKind(transition)](words.levels[transition.level].toUpperCase(), hazard);
      const place = toGsm7(name).trim().replace(/\s+/g, " ").slice(0, 15);
      expect(sms.startsWith(`${toGsm7(head)}${words.at}${place}`), sms).to.equal(true);
      expect(sms).to.match(/: [^:]*-?\d+([.,]\d)?[^:]*\([^)]+\).*, 30(\/04| Apr) 08:00\./);
      expect(subject).to.match(/^[!-~]([ -~]{0,97}[!-~])?$/);
      expect(program.text).to.equal(sms);
    });
    fc.assert(property, { numRuns: 400 });
  });

  it("tell the first figure whole, whatever gives way", () => {
    const property = fc.property(portugueseName, anyTransition, language, (name, transition, tag) => {
      const words = wordsOf(tag);
      const short = alertMessage(transition, { ...portoAlegre, name: "A" }, words).sms;
      const long = alertMessage(transition, { ...portoAlegre, name }, words).sms;
      const firstFigure = /(?:, | em )A: (.+?\))/.exec(short)?.[1] ?? "no figure";

      expect(long).to.include(firstFigure);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("keep figure, place and time whatever single measure config names", () => {
    for (const metric of FIELDS) {
      for (const tag of LANGUAGE_TAGS) {
        const transition: Transition = {
          ...rainEscalation,
          hazard: "h".repeat(24),
          measure: { metric, over: "168h", as: "mean" },
          value: -1234.5,
          threshold: -1234.5,
          below: true,
        };
        const { sms } = alertMessage(transition, { ...portoAlegre, name: "N".repeat(40) }, wordsOf(tag));
        expect(gsm7Length(sms)).to.be.at.most(160);
        expect(sms, metric).to.match(/N{9}.*-\d+[.,]?\d? .*168 h.*30(\/04| Apr) 08:00\./);
      }
    }
  });

  it("are ASCII in the subject and UTF-8 in the mail", () => {
    const { subject, email } = alertMessage(
      gustStart,
      { ...portoAlegre, name: "São João 🌧" },
      wordsOf("pt-BR"),
    );
    expect(subject).to.equal(toAscii("Nivel laranja de vento em Sao Joao ?"));
    expect(email).to.include("Nível laranja de vento em São João 🌧.");
  });
});
