import { digestMessage } from "../../../../handlers/weather/messages/digest-message.ts";
import { wordsOf } from "../../../../handlers/weather/messages/language.ts";
import type { Message } from "../../../../handlers/weather/messages/message.ts";
import { drillMessage, textMessage } from "../../../../handlers/weather/messages/scheduled-message.ts";
import { LANGUAGE_TAGS } from "../../../../handlers/weather/messages/tags.ts";
import type { Location } from "../../../../handlers/weather/observation/location.ts";
import { expectGolden } from "../../support/golden.ts";
import { portoAlegre, rioGrande } from "../../support/places.ts";
import { calmed, flooded, NOW, quiet, watched } from "./location-reports.ts";

const pelotas: Location = {
  ...rioGrande,
  id: "pelotas",
  name: "Pelotas",
  latitude: -31.77,
  longitude: -52.34,
};

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
        "digest, quiet": digestMessage(both.map(watched), NOW, words),
        "digest, busy": digestMessage(busy.map(watched), NOW, words),
        "digest, silent stations": digestMessage(silent.map(watched), NOW, words),
        "digest, one place": digestMessage(
          [{ location: portoAlegre, state: flooded, minima }].map(watched),
          NOW,
          words,
        ),
        drill: drillMessage({ hazard: "rain", level: "red" }, [portoAlegre, rioGrande], NOW, words),
      });
      expectGolden(`scheduled.${language}.txt`, rendered);
    });
  }
});
