import { expect } from "chai";
import { type AlertState, INITIAL_STATE } from "../../../../handlers/weather/alerts/state.ts";
import { digestMessage } from "../../../../handlers/weather/messages/digest-message.ts";
import { gsm7Length } from "../../../../handlers/weather/messages/gsm7.ts";
import { wordsOf } from "../../../../handlers/weather/messages/language.ts";
import type { Location } from "../../../../handlers/weather/observation/location.ts";
import { portoAlegre } from "../../support/places.ts";
import {
  alert,
  calmed,
  day,
  flooded,
  gusts,
  hours,
  NOW,
  observed,
  quiet,
  type Unwatched,
  watched,
} from "./location-reports.ts";

describe("the digest", () => {
  const en = wordsOf("en");
  const digest = (...places: Unwatched[]) => digestMessage(places.map(watched), NOW, en);

  it("names as many places as fit, the worst first, and counts the others", () => {
    const places = Array.from({ length: 30 }, (_, index) => ({
      location: { ...portoAlegre, name: `Lugar ${index}` },
      ...(index === 29 && { state: flooded }),
    }));
    const { sms } = digestMessage(places.map(watched), NOW, wordsOf("pt-BR"));

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
      "Summary 1 May 07:00: Porto Alegre no alerts (24 h: rain 0 mm, gust max 29.5 km/h)",
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

    expect(sms).to.equal("Summary 1 May 07:00: Porto Alegre no alerts");
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
