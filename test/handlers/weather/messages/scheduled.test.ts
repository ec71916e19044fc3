import { expect } from "chai";
import fc from "fast-check";
import type { Location } from "../../../../handlers/weather/location.ts";
import { gsm7Length } from "../../../../handlers/weather/messages/gsm7.ts";
import { LANGUAGE_TAGS, wordsOf } from "../../../../handlers/weather/messages/language.ts";
import { lastDay } from "../../../../handlers/weather/messages/last-day.ts";
import type { Message } from "../../../../handlers/weather/messages/message.ts";
import {
  digestMessage,
  drillMessage,
  type PlaceState,
  textMessage,
} from "../../../../handlers/weather/messages/scheduled-message.ts";
import { LEVELS } from "../../../../handlers/weather/rules.ts";
import {
  type AlertState,
  type HazardState,
  INITIAL_STATE,
  type Transition,
} from "../../../../handlers/weather/state.ts";
import { expectGolden } from "../../support/golden.ts";
import { portoAlegre, rioGrande } from "../../support/places.ts";

const NOW = new Date("2024-05-01T10:00:00Z");
const pelotas: Location = {
  ...rioGrande,
  id: "pelotas",
  name: "Pelotas",
  latitude: -31.77,
  longitude: -52.34,
};

const gusts: Transition = {
  id: "rio-grande/wind/2024-04-30T17:00:00Z/start",
  time: "2024-04-30T17:00:00Z",
  location: "rio-grande",
  hazard: "wind",
  level: "yellow",
  kind: "start",
  value: 45,
  threshold: 40,
  measure: { metric: "windGust", unit: "km/h" },
  below: false,
  scale: "INMET",
  since: "2024-04-30T17:00:00Z",
};
const gustsOver: Transition = { ...gusts, kind: "clear", time: "2024-04-30T21:00:00Z", value: 20 };

/** Hours of the day before NOW, one value each; null is unknown and has no entry. */
function hours(values: readonly (number | null)[]): [number, number][] {
  const first = NOW.getTime() / 1000 - values.length * 3600;
  return values.flatMap((value, index): [number, number][] =>
    value === null ? [] : [[first + index * 3600, value]],
  );
}

const day = (value: number) => Array.from({ length: 24 }, () => value);
const told: Pick<HazardState, "told" | "toldPeak" | "toldSeconds" | "earlier"> = {
  told: 0,
  toldPeak: 0,
  toldSeconds: null,
  earlier: [],
};
const alert = (rank: 1 | 2 | 3, since: string) => ({ rank, peak: rank, since, ...told });
const observed = (values: Record<string, number>): AlertState => ({
  ...INITIAL_STATE,
  lastSeconds: NOW.getTime() / 1000,
  latest: { time: "2024-05-01T09:00:00Z", values },
});

const quiet: AlertState = {
  ...observed({ temperature: 17.2, humidity: 81, windSpeed: 2.1, windGust: 5, rainIntensity: 0 }),
  history: { rainIntensity: hours(day(0)), windGust: hours([...day(5).slice(1), 8.2]) },
};
const flooded: AlertState = {
  ...observed({ temperature: 19.4, humidity: 95, windSpeed: 2.1, windGust: 9.3, rainIntensity: 5.4 }),
  hazards: { wind: alert(1, "2024-05-01T06:00:00Z"), rain: alert(3, "2024-04-30T06:00:00Z") },
  history: {
    rainIntensity: hours([...day(5).slice(4), null, null, null, null]),
    windGust: hours(day(9.3)),
    humidity: hours(day(91)),
  },
};
const calmed: AlertState = { ...quiet, events: [gusts, gustsOver] };

/** Each message in full, as a reader would like to see it. */
function render(messages: Readonly<Record<string, Message>>): string {
  return Object.entries(messages)
    .map(
      ([name, { sms, subject, email, program }]) =>
        `== ${name}\nSMS: ${sms}\nSubject: ${subject}\nJSON: ${JSON.stringify(program)}\n\n${email}`,
    )
    .join("\n");
}

describe("scheduled messages", () => {
  for (const language of LANGUAGE_TAGS) {
    it(`read as agreed in ${language}`, () => {
      const words = wordsOf(language);
      const minima = ["humidity"];
      const both = [
        { location: portoAlegre, state: quiet, minima },
        { location: rioGrande, state: calmed, minima },
      ];
      const busy = [
        { location: rioGrande, state: calmed, minima },
        { location: portoAlegre, state: flooded, minima },
      ];
      const silent = [
        { location: portoAlegre, state: quiet, minima },
        { location: rioGrande, state: flooded, minima, silentSince: "2024-05-01T08:20:00Z" },
        { location: pelotas, silentSince: "2024-04-30T06:00:00Z" },
      ];
      const rendered = render({
        text: textMessage("Reunião da defesa civil às 15 h.", words),
        "digest, quiet": digestMessage(both, NOW, words),
        "digest, busy": digestMessage(busy, NOW, words),
        "digest, silent stations": digestMessage(silent, NOW, words),
        "digest, one place": digestMessage([{ location: portoAlegre, state: flooded, minima }], NOW, words),
        drill: drillMessage({ hazard: "rain", level: "red" }, [portoAlegre, rioGrande], NOW, words),
      });
      expectGolden(`scheduled.${language}.txt`, rendered);
    });
  }
});

describe("the digest", () => {
  const en = wordsOf("en");
  const digest = (...places: PlaceState[]) => digestMessage(places, NOW, en);

  it("names as many places as fit, the worst first, and counts the others", () => {
    const places = Array.from({ length: 30 }, (_, index) => ({
      location: { ...portoAlegre, name: `Lugar ${index}` },
      ...(index === 29 && { state: flooded }),
    }));
    const { sms } = digestMessage(places, NOW, wordsOf("pt-BR"));

    expect(sms).to.match(/^Resumo 01\/05 07:00: Lugar 29 VERMELHO chuva, AMARELO vento; Lugar 0 .*; \+24$/);
    expect(gsm7Length(sms)).to.be.at.most(160);
  });

  it("puts alerts before silent stations, those before events, and all before a quiet place", () => {
    const name = (location: Location, letter: string) => ({ ...location, name: letter });
    const { email } = digest(
      { location: name(portoAlegre, "A"), state: quiet },
      { location: name(portoAlegre, "B"), state: calmed },
      { location: name(portoAlegre, "C"), state: quiet, silentSince: "2024-05-01T08:00:00Z" },
      { location: name(portoAlegre, "D"), state: { ...quiet, hazards: { rain: alert(2, gusts.time) } } },
      { location: name(portoAlegre, "E"), state: flooded },
    );

    expect(email.match(/^[A-E](?=: )/gm)).to.deep.equal(["E", "D", "C", "B", "A"]);
  });

  it("spends its room on details once every place is named", () => {
    expect(digest({ location: portoAlegre, state: quiet }).sms).to.equal(
      "Summary 01/05 07:00: Porto Alegre no alerts (24 h: rain 0 mm, gust max 29.5 km/h)",
    );
  });

  it("ends the day with its last observation, which a digest on the hour is ahead of", () => {
    const known = { ...quiet, lastSeconds: NOW.getTime() / 1000 - 3600 };
    const place = {
      ...known,
      history: { rainIntensity: hours(day(1)).map(([start]) => [start - 3600, 1] as const) },
    };

    expect(digest({ location: portoAlegre, state: place }).email).to.include("    rain 24 mm\n");
  });

  it("has no zero for what is unknown", () => {
    const { sms, email } = digest({ location: portoAlegre, state: observed({ temperature: 20 }) });

    expect(sms).to.equal("Summary 01/05 07:00: Porto Alegre no alerts");
    expect(email).to.not.match(/rain|gust|Last 24 h/);
  });

  it("does not call a place quiet of which nothing was ever observed", () => {
    expect(digest({ location: portoAlegre, state: INITIAL_STATE }).sms).to.match(/Porto Alegre no data$/);
    expect(digest({ location: portoAlegre }).sms).to.match(/Porto Alegre no data$/);
  });

  it("forgets an alert that is over and events of the day before", () => {
    const over = { ...alert(2, gusts.time), rank: 0 } as unknown as AlertState["hazards"][string];
    const old = { ...gusts, time: "2024-04-30T10:00:00Z" };
    const state: AlertState = { ...quiet, hazards: { rain: over }, events: [old] };

    const { email } = digest({ location: portoAlegre, state });

    expect(email)
      .to.include("Porto Alegre: no alerts\n")
      .and.not.to.match(/YELLOW|ORANGE/);
  });
});

describe("the last day", () => {
  const at = (value: number, hoursAgo: number): [number, number] => [
    NOW.getTime() / 1000 - hoursAgo * 3600,
    value,
  ];

  it("sums the rain of the 24 clock hours that have ended, without binary noise", () => {
    const rainIntensity = [at(50, 25), ...hours(day(0.1)), at(50, 0)];

    expect(lastDay({ rainIntensity }, NOW)).to.deep.equal([
      { field: "rainIntensity", as: "sum", value: 2.4, knownHours: 24 },
    ]);
  });

  it("counts the hours that it knows", () => {
    const rainIntensity = hours([1, null, 2, ...Array.from({ length: 21 }, () => null)]);

    expect(lastDay({ rainIntensity }, NOW)).to.deep.equal([
      { field: "rainIntensity", as: "sum", value: 3, knownHours: 2 },
    ]);
  });

  it("takes the highest of the highs, and the lowest where rules ask below", () => {
    const history = { temperature: [at(40, 25), at(31, 24), at(28, 1)], humidity: [at(35, 3), at(22, 2)] };

    expect(lastDay(history, NOW, ["humidity"])).to.deep.equal([
      { field: "temperature", as: "max", value: 31, knownHours: 2 },
      { field: "humidity", as: "min", value: 22, knownHours: 2 },
    ]);
  });

  it("never reaches further back than a day, whatever the minute", () => {
    const property = fc.property(fc.nat({ max: 3599 }), fc.nat({ max: 30 }), (seconds, hoursAgo) => {
      const until = new Date(NOW.getTime() + seconds * 1000);
      const [figure] = lastDay({ rainIntensity: [at(1, hoursAgo)] }, until);
      const age = hoursAgo * 3600 + seconds;
      expect(figure !== undefined, String(age)).to.equal(age > 0 && age <= 86_400);
    });
    fc.assert(property);
  });
});

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
      ({ location, ...known }): PlaceState => ({
        location,
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
        expect(message.sms).to.match(/01\/05 07:00\. (A drill: nothing is happening|Simulado: nada .*)\.$/);
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

    expect(sms).to.match(/^EXERCICIO: LARANJA chuva, Lugar 0, Lugar 1, .* \+\d+, 01\/05 07:00\. Simulado/);
  });
});
