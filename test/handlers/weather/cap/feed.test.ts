import { expect } from "chai";
import fc from "fast-check";
import { addToFeed, type FeedEntry } from "../../../../handlers/weather/cap/feed.ts";
import { expectGolden } from "../../support/golden.ts";
import { portoAlegre } from "../../support/places.ts";
import { capOf, transitions } from "../../support/transitions.ts";
import { childText, parseTree } from "../../support/xml-tree.ts";
import { atomProblems } from "./atom-rules.ts";

const entry: FeedEntry = {
  id: "tag:example.org,2024-04-30:a",
  title: "Rain",
  updated: "2024-04-30T08:00:00-03:00",
  href: "a.xml",
  summary: "Rain at A",
};

const feed = {
  feedId: "tag:example.org,2024:cap",
  title: "Alerts",
  onUnreadable: (reason: string): void => expect.fail(`the feed could not be read: ${reason}`),
};

function feedOf(entries: readonly FeedEntry[], limit = 100): string {
  return (
    entries.reduce<string | undefined>(
      (xml, added) => addToFeed(xml, added, { ...feed, limit }),
      undefined,
    ) ?? ""
  );
}

function idsOf(xml: string): (string | undefined)[] {
  const entries = parseTree(xml).children.filter(({ name }) => name === "entry");
  return entries.map((element) => childText(element, "id"));
}

/** Of the feed, then of each entry. */
function updatedOf(xml: string): (string | undefined)[] {
  const root = parseTree(xml);
  return [root, ...root.children.filter(({ name }) => name === "entry")].map((element) =>
    childText(element, "updated"),
  );
}

describe("the feed of CAP messages", () => {
  it("reads as agreed", () => {
    const entries = Object.values(transitions).map((transition) => {
      const options = { sender: "stormwire@example.org", languages: ["pt-BR"] } as const;
      return capOf(transition, portoAlegre, options).entry;
    });
    const xml = feedOf(entries);

    expect(atomProblems(xml)).to.deep.equal([]);
    expectGolden("cap/index.xml", xml);
  });

  it("has the last published entry first, and dates it after all others", () => {
    const xml = feedOf([
      { ...entry, id: "urn:x:noon", updated: "2024-04-30T12:00:00Z" },
      { ...entry, id: "urn:x:later", updated: "2024-04-30T10:00:00-03:00" },
      { ...entry, id: "urn:x:slow", updated: "2024-04-30T13:30:00+02:00" },
      { ...entry, id: "urn:x:same", updated: "2024-04-30T13:00:00.001Z" },
    ]);

    expect(idsOf(xml)).to.deep.equal(["urn:x:same", "urn:x:slow", "urn:x:later", "urn:x:noon"]);
    expect(updatedOf(xml)).to.deep.equal([
      "2024-04-30T13:00:00.002Z",
      "2024-04-30T13:00:00.002Z",
      "2024-04-30T13:00:00.001Z",
      "2024-04-30T10:00:00-03:00",
      "2024-04-30T12:00:00Z",
    ]);
  });

  it("keeps an entry once, in its last version and as it was dated", () => {
    const newer = { ...entry, id: "urn:x:newer" };
    const again = { ...entry, title: "Rain again", updated: "2024-05-01T00:00:00Z" };
    const xml = feedOf([entry, newer, again]);
    expect(idsOf(xml)).to.deep.equal([newer.id, entry.id]);
    expect(updatedOf(xml)).to.deep.equal(updatedOf(feedOf([entry, newer])));
    expect(xml).to.include("<title>Rain again</title>");
  });

  it("lets the oldest go beyond its limit", () => {
    const entries = [1, 2, 3].map((hour) => ({
      ...entry,
      id: `urn:x:${hour}`,
      updated: `2024-04-30T0${hour}:00:00-03:00`,
    }));
    expect(idsOf(feedOf(entries, 2))).to.deep.equal(["urn:x:3", "urn:x:2"]);
  });

  it("starts anew, and says so, when the existing one cannot be read", () => {
    const unreadable = {
      nothing: "",
      "no XML": "{}",
      "a part": feedOf([entry]).slice(0, 200),
      "another document": "<alert><identifier>a</identifier></alert>",
      "an entry without id": "<feed><entry><title>a</title></entry></feed>",
      "an entry without a time": feedOf([entry]).replaceAll(entry.updated, "yesterday"),
      "a name that the parser refuses": "<feed><__proto__>a</__proto__></feed>",
    };
    for (const [what, existing] of Object.entries(unreadable)) {
      const reasons: string[] = [];
      const xml = addToFeed(existing, entry, { ...feed, onUnreadable: (reason) => reasons.push(reason) });

      expect(xml, what).to.equal(feedOf([entry]));
      expect(reasons, what).to.have.lengthOf(1);
      expect(reasons[0], what).to.match(/\w+/);
    }
  });

  const anyEntry = fc.record({
    id: fc.integer({ min: 1, max: 8 }).map((number) => `urn:x:${number}`),
    title: fc.string({ unit: "binary", maxLength: 60 }),
    updated: fc
      .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((time) => time.toISOString().replace(/\.\d+Z/, "-00:00")),
    href: fc.constantFrom("a/b.xml", 'a&b.xml?c="d"', "é.xml"),
    summary: fc.string({ unit: "binary", maxLength: 200 }),
  });

  it("is valid Atom and adds the same twice as once, whatever the texts", () => {
    const property = fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 12 }), (entries) => {
      const once = feedOf(entries, 5);
      const last = entries.at(-1) ?? entry;
      const twice = addToFeed(once, last, { ...feed, limit: 5 });

      expect(atomProblems(once)).to.deep.equal([]);
      expect(twice).to.equal(once);
      expect(idsOf(once).length).to.be.at.most(5);
    });
    fc.assert(property);
  });

  it("moves its date with each new entry and never back, and lists the last ones, in whatever order they arrive", () => {
    const property = fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 12 }), (entries) => {
      let xml: string | undefined;
      let before = Number.NEGATIVE_INFINITY;
      for (const added of entries) {
        const isNew = xml === undefined || !idsOf(xml).includes(added.id);
        xml = addToFeed(xml, added, { ...feed, limit: 5 });
        const [date = ""] = updatedOf(xml);
        expect(Date.parse(date) - before).to.satisfy((step: number) => (isNew ? step > 0 : step === 0));
        if (isNew) expect(idsOf(xml)[0]).to.equal(added.id);
        before = Date.parse(date);
      }
    });
    fc.assert(property);
  });
});

describe("the restated rules of Atom", () => {
  const valid = feedOf([entry]);
  const breaches: Readonly<Record<string, readonly [string | RegExp, string, string]>> = {
    "an id is missing": [`<id>${entry.id}</id>`, "", "entry: <id> is there 0 times"],
    "a title is missing": ["<title>Alerts</title>", "", "<title> is there 0 times"],
    "a time is missing": [/<updated>.*?<\/updated>/, "", "<updated> is there 0 times"],
    "an author is missing": [/<author>.*<\/author>/s, "", "nobody is its author"],
    "a link is missing": [/<link.*\/>/, "", "no content and no alternate link"],
    "a link leads nowhere": [/ href=".*"/, "", "a link without href"],
    "an id is no IRI": [entry.id, "a", '"a" is not an IRI'],
    "a time is none": [entry.updated, "2024-04-30", "not a time of RFC 3339"],
    "an id is there twice": [/(<entry>.*<\/entry>)/s, "$1$1", "two entries have one id"],
    "the namespace is another": ["2005/Atom", "2004/Atom", "the namespace is"],
    "an element is not Atom's": ["<author>", "<pubDate>a</pubDate><author>", "<pubDate> is not Atom's"],
  };

  for (const [breach, [from, to, problem]] of Object.entries(breaches)) {
    it(`notice that ${breach}`, () => {
      expect(atomProblems(valid.replace(from, to)).join("\n")).to.include(problem);
    });
  }
});
