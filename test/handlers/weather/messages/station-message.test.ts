import { expect } from "chai";
import { wordsOf } from "../../../../handlers/weather/messages/language.ts";
import { stationMessage } from "../../../../handlers/weather/messages/station-message.ts";
import { LANGUAGE_TAGS } from "../../../../handlers/weather/messages/tags.ts";
import { expectGolden } from "../../support/golden.ts";
import { portoAlegre } from "../../support/places.ts";

const time = new Date("2024-05-03T07:00:00Z");
const lastSeen = new Date("2024-05-03T06:40:00Z");

describe("messages about a station", () => {
  for (const language of LANGUAGE_TAGS) {
    it(`read as agreed in ${language}`, () => {
      const words = wordsOf(language);
      const station = { location: portoAlegre, polls: 3 };
      const messages = [
        stationMessage("silent", { ...station, lastSeen }, time, words),
        stationMessage("silent", station, time, words),
        stationMessage("back", { ...station, lastSeen }, time, words),
      ];
      const rendered = messages.map(({ subject, body }) => `Subject: ${subject}\n\n${body}`);
      expectGolden(`station-messages.${language}.txt`, rendered.join("\n"));
    });
  }

  it("have an ASCII subject of at most 99 characters", () => {
    const location = { ...portoAlegre, name: "Ã".repeat(120) };
    const { subject } = stationMessage("silent", { location, polls: 3 }, time, wordsOf("pt-BR"));
    expect(subject).to.match(/^Estacao em silencio: A[ -~]+$/);
    expect(subject.length).to.be.at.most(99);
  });
});
