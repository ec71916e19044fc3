import { expect } from "chai";
import fc from "fast-check";
import type { Transition } from "../../../../handlers/weather/alerts/transition.ts";
import { CapError } from "../../../../handlers/weather/cap/cap-identity.ts";
import { LANGUAGE_TAGS } from "../../../../handlers/weather/messages/tags.ts";
import { anyTransition, portugueseName } from "../../support/any-transition.ts";
import { expectGolden } from "../../support/golden.ts";
import { portoAlegre } from "../../support/places.ts";
import {
  capOf,
  gustStart,
  rainClear,
  rainEscalation,
  rainRepeat,
  transitions,
} from "../../support/transitions.ts";
import { childText, parseTree, type XmlElement } from "../../support/xml-tree.ts";
import { capLanguages, capProblems } from "./cap-rules.ts";

const options = { sender: "stormwire@example.org", languages: LANGUAGE_TAGS };

function alertOf(transition: Transition, more: { exercise?: boolean; name?: string } = {}): XmlElement {
  const { exercise = false, name = portoAlegre.name } = more;
  return parseTree(capOf(transition, { ...portoAlegre, name }, { ...options, exercise }).xml);
}

function infoOf(alert: XmlElement): XmlElement {
  const info = alert.children.find(({ name }) => name === "info");
  return info ?? expect.fail("the message has no info");
}

describe("CAP messages", () => {
  for (const [name, transition] of Object.entries(transitions)) {
    for (const exercise of [false, true]) {
      it(`are valid and as agreed: ${name}${exercise ? ", as an exercise" : ""}`, () => {
        const { xml } = capOf(transition, portoAlegre, { ...options, exercise });

        expect(capProblems(xml)).to.deep.equal([]);
        expect(capLanguages(xml)).to.deep.equal([...LANGUAGE_TAGS]);
        if (!exercise || name === "start") {
          expectGolden(`cap/${name.replaceAll(" ", "-")}${exercise ? "-exercise" : ""}.xml`, xml);
        }
      });
    }
  }

  it("start with an Alert, go on with Updates of all that was sent, and end with its Cancel", () => {
    const announced = [gustStart, rainEscalation, rainRepeat, rainClear].map((transition) =>
      alertOf(transition),
    );

    expect(announced.map((alert) => childText(alert, "msgType"))).to.deep.equal([
      "Alert",
      "Update",
      "Update",
      "Cancel",
    ]);
    expect(announced.map((alert) => childText(alert, "references")?.split(" ").length)).to.deep.equal([
      undefined,
      1,
      2,
      3,
    ]);
  });

  it("start with an Update where the digest has had a yellow one, whose Alert it supersedes", () => {
    const earlier = [{ id: "porto-alegre/wind/2024-04-30T05:00:00Z/start", time: "2024-04-30T05:00:00Z" }];
    const alert = alertOf({ ...gustStart, earlier });

    expect(childText(alert, "msgType")).to.equal("Update");
    expect(childText(alert, "references")).to.match(/^stormwire@example\.org,[^ ]*05:00:00Z\/start,[^ ]*$/);
  });

  it("are sent when they are published, begin with the alert, and expire unless they are repeated or cancelled", () => {
    const publication = { sent: "2024-04-30T14:30:05.250Z", references: [] };
    const times = ["sent", "effective", "onset", "expires"];
    const timesOf = (exercise: boolean) => {
      const alert = parseTree(capOf(rainEscalation, portoAlegre, { ...options, exercise, publication }).xml);
      return times.map((name) => childText(alert, name) ?? childText(infoOf(alert), name));
    };

    const [sent, onset] = ["2024-04-30T11:30:05-03:00", "2024-04-30T03:00:00-03:00"];
    expect(timesOf(false)).to.deep.equal([sent, sent, onset, "2024-05-01T11:30:05-03:00"]);
    expect(timesOf(true), "a drill").to.deep.equal([sent, sent, onset, "2024-04-30T13:30:05-03:00"]);
  });

  it("say when what they tell was observed, as text and as data", () => {
    const publication = { sent: "2024-04-30T14:30:05Z", references: [] };
    const { xml } = capOf(rainEscalation, portoAlegre, { ...options, publication });

    expect(xml).to.include("Time of observation: 30 Apr 2024 08:00");
    expect(xml).to.match(/<valueName>observed<\/valueName>\s*<value>2024-04-30T08:00:00-03:00<\/value>/);
  });

  it("refer to earlier messages by when those were published, not observed", () => {
    const reference = {
      id: "porto-alegre/rain/2024-04-30T06:00:00Z/start",
      sent: "2024-04-30T09:10:11.500Z",
    };
    const publication = { sent: "2024-04-30T14:30:05Z", references: [reference] };
    const alert = parseTree(capOf(rainEscalation, portoAlegre, { ...options, publication }).xml);

    expect(childText(alert, "references")).to.equal(
      `${options.sender},${reference.id},2024-04-30T06:10:11-03:00`,
    );
  });

  it("refer to earlier messages by what those say of themselves, also across a change of the clocks", () => {
    // Clocks of São Paulo went back from -02:00 to -03:00 at 2019-02-17 02:00 UTC.
    const start: Transition = {
      ...gustStart,
      id: "a/wind/2019-02-16T23:00:00Z/start",
      time: "2019-02-16T23:00:00Z",
    };
    const earlier = [{ id: start.id, time: start.time }];
    const clear: Transition = {
      ...start,
      id: "a/clear",
      kind: "clear",
      time: "2019-02-17T12:00:00Z",
      earlier,
    };

    const [first, last] = [alertOf(start), alertOf(clear)];

    const itself = ["sender", "identifier", "sent"].map((name) => childText(first, name)).join(",");
    expect(childText(last, "references")).to.equal(itself);
    expect(childText(first, "sent")).to.equal("2019-02-16T21:00:00-02:00");
    expect(childText(last, "sent")).to.equal("2019-02-17T09:00:00-03:00");
  });

  it("begin anew when nothing is known of what was sent before", () => {
    const { earlier, ...clear } = rainClear;
    expect(earlier).to.have.lengthOf(3);
    const alert = alertOf(clear);

    expect(childText(alert, "msgType")).to.equal("Alert");
    expect(childText(infoOf(alert), "responseType")).to.equal("AllClear");
  });

  it("tell the level as severity, and that it was observed", () => {
    const severities = (["yellow", "orange", "red"] as const).map((level) => {
      const info = infoOf(alertOf({ ...gustStart, level }));
      return [childText(info, "severity"), childText(info, "urgency"), childText(info, "certainty")];
    });
    expect(severities).to.deep.equal([
      ["Moderate", "Expected", "Observed"],
      ["Severe", "Expected", "Observed"],
      ["Extreme", "Immediate", "Observed"],
    ]);
  });

  it("are drills only when asked: another status, another identifier, and a mark in each text", () => {
    const real = capOf(rainEscalation, portoAlegre, options);
    const drill = capOf(rainEscalation, portoAlegre, { ...options, exercise: true });
    const alert = parseTree(drill.xml);

    expect(childText(parseTree(real.xml), "status")).to.equal("Actual");
    expect(real.xml).to.not.match(/exerc/i);
    expect(childText(alert, "status")).to.equal("Exercise");
    expect(childText(alert, "note")).to.include("EXERCÍCIO");
    expect(childText(infoOf(alert), "headline")).to.match(/^EXERCÍCIO: /);
    expect(childText(infoOf(alert), "description")).to.include("EXERCÍCIO");
    expect(drill.entry.title).to.match(/^EXERCÍCIO: /);
    expect(drill.identifier).to.not.equal(real.identifier);
    expect(drill.key).to.equal("cap/porto-alegre/rain/20240430T110000Z-escalation-exercise.xml");
  });

  it("never speak of a warning of INMET's", () => {
    const { xml } = capOf(rainEscalation, portoAlegre, options);
    expect(xml).to.include("observed at INMET red level");
    expect(xml).to.not.match(/INMET warning|(aviso|alerta) (do|da) INMET/i);
  });

  it("are the same each time, and in English when nobody has a language", () => {
    const again = () => capOf(rainEscalation, portoAlegre, { ...options, languages: [] });
    expect(again()).to.deep.equal(again());
    expect(capLanguages(again().xml)).to.deep.equal(["en"]);
  });

  it("refuse a sender that CAP could not tell from the rest of a reference", () => {
    for (const sender of ["Defesa Civil", "a,b", "a&b", "a<b", ""]) {
      expect(() => capOf(gustStart, portoAlegre, { ...options, sender }), sender).to.throw(
        CapError,
        "allowed is a name without spaces, commas, < and &",
      );
    }
  });

  it("say hostile names as they are, and stay valid", () => {
    for (const name of ["<b>A</b> & \"B\" 'C'", "]]>&amp;", "São João 🌧", "a\u0000b\uD800c\r\nd"]) {
      const { xml } = capOf(gustStart, { ...portoAlegre, name }, options);
      expect(capProblems(xml), name).to.deep.equal([]);
      const area = infoOf(parseTree(xml)).children.find((child) => child.name === "area");
      const cleaned = name.toWellFormed().replace("\u0000", "\uFFFD").replace("\r\n", "\n");
      expect(area && childText(area, "areaDesc")).to.equal(cleaned);
    }
  });

  const anyName = fc.oneof(
    portugueseName,
    fc.string({ unit: "binary", minLength: 1, maxLength: 200 }).filter((name) => name.trim() !== ""),
  );

  it("are valid for any transition, place, time zone and drill, with a key that S3 and folders take", () => {
    const property = fc.property(
      fc.record({
        transition: anyTransition,
        id: fc.oneof(fc.constant("porto-alegre/rain/x"), fc.string({ unit: "binary", minLength: 1 })),
        location: fc.oneof(fc.constant("porto-alegre"), fc.string({ unit: "binary", minLength: 1 })),
        name: anyName,
        time: fc.date({ min: new Date("1980-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
        timeZone: fc.constantFrom(
          "America/Sao_Paulo",
          "UTC",
          "Asia/Kathmandu",
          "America/St_Johns",
          "Pacific/Kiritimati",
        ),
        latitude: fc.double({ min: -90, max: 90, noNaN: true }),
        longitude: fc.double({ min: -180, max: 180, noNaN: true }),
        exercise: fc.boolean(),
      }),
      ({ transition, id, location, name, time, timeZone, latitude, longitude, exercise }) => {
        const announced = { ...transition, id, location, time: time.toISOString() };
        const place = { id: location, name, latitude, longitude, timeZone };
        const message = capOf(announced, place, { ...options, exercise });

        expect(capProblems(message.xml)).to.deep.equal([]);
        expect(message.key).to.match(/^cap\/[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+\/[A-Za-z0-9.-]+\.xml$/);
        const alert = parseTree(message.xml);
        expect(Date.parse(childText(alert, "sent") ?? "")).to.equal(Math.floor(time.getTime() / 1000) * 1000);
        expect(childText(infoOf(alert), "headline")?.length).to.be.at.most(320);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
