import { expect } from "chai";
import { failure, good, parse, portoAlegre } from "../infra/stack-config.ts";

const ana = { sms: "+12025550101" };
const bia = { email: "bia@example.org" };
const hook = { url: "https://hooks.example.org/1", secret: `whsec_${"A".repeat(32)}` };
const siren = { cron: "0 12 * * ? *", timeZone: "UTC", text: "Test" };

describe("stack config of people", () => {
  it("lets a message name subscriptions, groups and webhooks", () => {
    const audience = ["ana", "night-shift", "slack"];

    const config = parse({
      ...good,
      subscriptions: { ana, bia },
      groups: { "night-shift": ["ana", "bia"] },
      webhooks: { slack: hook },
      messages: { siren: { ...siren, audience } },
    });

    expect(config.messages.siren?.audience).to.deep.equal(audience);
  });

  it("lists every name that stands for nothing, with the nearest that does", () => {
    const error = failure({
      ...good,
      subscriptions: { ana: { ...ana, locations: ["porto-alegra"] }, bia },
      groups: { "night-shift": ["anna", "bia"], "day-shift": ["slack"] },
      webhooks: { slack: { ...hook, locations: ["atlantis"] } },
      messages: { siren: { ...siren, audience: ["night-shfit", "slak", "ana"] } },
    });

    expect(error.problems.map(({ path, fix }) => [path.join("."), fix.split(" ").at(-1)])).to.deep.equal([
      ["subscriptions.ana.locations.0", "porto-alegre"],
      ["webhooks.slack.locations.0", "porto-alegre"],
      ["groups.night-shift.0", "ana"],
      ["groups.day-shift.0", "ana"],
      ["messages.siren.audience.0", "night-shift"],
      ["messages.siren.audience.1", "slack"],
    ]);
    expect(error.message).to.include(
      [
        "  stormwire:groups.night-shift[0]",
        '    found    "anna"',
        "    allowed  did you mean ana? Known subscriptions: ana, bia",
        "    fix      pulumi config set --path 'stormwire:groups.night-shift[0]' -- ana",
      ].join("\n"),
    );
  });

  it("wants a name to stand for one thing in an audience, and none to be called all", () => {
    const error = failure({
      ...good,
      subscriptions: { ana, bia, all: { sms: "+12025550103" } },
      webhooks: { bia: hook },
      groups: { ana: ["bia"], all: ["bia"], bia: ["ana"] },
    });

    expect(error.problems.map(({ path, allowed }) => [path.join("."), allowed])).to.deep.equal([
      ["subscriptions.all", "a name of its own: in an audience, all stands for all subscribers"],
      ["webhooks.bia", "a name of its own: in an audience, bia stands for stormwire:subscriptions.bia"],
      ["groups.ana", "a name of its own: in an audience, ana stands for stormwire:subscriptions.ana"],
      ["groups.all", "a name of its own: in an audience, all stands for all subscribers"],
      ["groups.bia", "a name of its own: in an audience, bia stands for stormwire:subscriptions.bia"],
    ]);
  });

  it("refuses a phone and a mailbox that two subscriptions have, naming both keys and showing neither", () => {
    const { message, problems } = failure({
      ...good,
      subscriptions: { ana: { ...ana, ...bia }, bia: { email: "BIA@example.org" }, caio: ana },
    });

    expect(problems.map(({ path, found }) => [path.join("."), found])).to.deep.equal([
      ["subscriptions.bia.email", "B…@example.org, as in stormwire:subscriptions.ana.email"],
      ["subscriptions.caio.sms", "+12…01, as in stormwire:subscriptions.ana.sms"],
    ]);
    expect(message).not.to.include("12025550101").and.not.to.match(/bia@/i);
    expect(message).to.include("pulumi config rm --path stormwire:subscriptions.caio.sms");
  });

  it("takes a name that an entry had before, or several", () => {
    const { subscriptions } = parse({
      ...good,
      subscriptions: { anna: { ...ana, was: "ana" }, bea: { ...bia, was: ["bia", "bee"] } },
    });

    expect([subscriptions.anna?.was, subscriptions.bea?.was]).to.deep.equal([["ana"], ["bia", "bee"]]);
  });

  it("says who goes by which name now where a group or an audience has the former one", () => {
    const { problems } = failure({
      ...good,
      subscriptions: { duties: ana, officer: { ...bia, was: "duty" } },
      groups: { "night-shift": ["duty"] },
      messages: { siren: { ...siren, audience: ["duty"] } },
    });

    expect(problems.map(({ path, fix }) => [path.join("."), fix.split(" ").at(-1)])).to.deep.equal([
      ["groups.night-shift.0", "officer"],
      ["messages.siren.audience.0", "officer"],
    ]);
  });

  it("refuses a former name that is nobody's alone: one's own, somebody else's, one said twice", () => {
    const { message, problems } = failure({
      ...good,
      subscriptions: {
        ana: { ...ana, was: ["anna", "ana"] },
        bia: { ...bia, was: "ana" },
        caio: { sms: "+12025550103", was: ["anna", "caius", "caius"] },
      },
    });

    expect(problems.map(({ path, found, allowed }) => [path.join("."), found, allowed])).to.deep.equal([
      ["subscriptions.ana.was.1", "ana", "a name that it had before: ana is its name now"],
      [
        "subscriptions.bia.was.0",
        "ana",
        "a name that is no longer in use: it is that of stormwire:subscriptions.ana. Passing a name on takes two updates",
      ],
      [
        "subscriptions.caio.was.0",
        "anna",
        "each former name once: stormwire:subscriptions.ana.was[0] says it, too",
      ],
      [
        "subscriptions.caio.was.2",
        "caius",
        "each former name once: stormwire:subscriptions.caio.was[1] says it, too",
      ],
    ]);
    expect(message).to.include("fix      pulumi config rm --path stormwire:subscriptions.bia.was");
  });

  it("refuses a former name that is no name", () => {
    const allowed = "a name that this entry had before, or a list of 1 to 10 such names";
    for (const was of [7, {}, [], "Duty Officer", Array.from({ length: 11 }, (_, i) => `n${i}`)]) {
      const { problems } = failure({ ...good, subscriptions: { ana: { ...ana, was } } });

      expect(problems.map((problem) => [problem.path.join("."), problem.allowed])).to.deep.equal([
        ["subscriptions.ana.was", allowed],
      ]);
    }
    expect(
      failure({ ...good, subscriptions: { ana: { ...ana, was: ["a b"] } } }).problems[0]?.path,
    ).to.deep.equal(["subscriptions", "ana", "was", 0]);
  });

  it("takes 150 combinations of filter values and refuses more, with the arithmetic", () => {
    const places = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
    const locations = Object.fromEntries(places(75).map((name) => [name, portoAlegre]));
    const shift = { "night-shift": ["ana"] };
    const config = (count: number, groups = {}) => ({
      ...good,
      source: { provider: "open-meteo" },
      locations,
      groups,
      subscriptions: { ana: { ...ana, locations: places(count) } },
    });

    expect(parse(config(75)).groups, "2 x 75 = 150").to.deep.equal({});
    expect(parse(config(50, shift)).groups, "3 x 50 = 150").to.deep.equal(shift);
    expect(failure(config(51, shift)).problems).to.deep.equal([
      {
        path: ["subscriptions", "ana", "locations"],
        found: "audience 3 x location 51 = 153 combinations of values in its filter policy",
        allowed: "150 at most in SNS: with 1 group, 50 locations, or all locations by leaving the key out",
        fix: "pulumi config rm --path stormwire:subscriptions.ana.locations",
      },
    ]);
  });

  it("refuses a member of more groups than a filter policy has room for", () => {
    const groups = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`g${index}`, ["bia", "ana"]]));
    const subscriptions = { ana, bia: { ...bia, locations: ["porto-alegre"] } };

    expect(Object.keys(parse({ ...good, subscriptions, groups: groups(148) }).groups)).to.have.length(148);
    expect(failure({ ...good, subscriptions, groups: groups(149) }).problems).to.deep.equal([
      {
        path: ["subscriptions", "ana"],
        found: "audience 151 = 151 combinations of values in its filter policy",
        allowed: "150 at most in SNS: fewer groups",
        fix: "pulumi config rm --path 'stormwire:groups.g99[1]'",
      },
      {
        path: ["subscriptions", "bia", "locations"],
        found: "audience 151 = 151 combinations of values in its filter policy",
        allowed: "150 at most in SNS: fewer groups",
        fix: "pulumi config rm --path stormwire:subscriptions.bia.locations",
      },
    ]);
  });

  it("takes 200 filter policies on the topic, those of webhooks among them, and refuses more", () => {
    const people = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`p${i}`, { sms: `+5551${String(i).padStart(9, "0")}` }]),
      );
    const webhooks = { slack: hook };

    expect(Object.keys(parse({ ...good, subscriptions: people(200) }).subscriptions)).to.have.length(200);
    expect(parse({ ...good, subscriptions: people(199), webhooks }).webhooks).to.have.key("slack");
    const [problem] = failure({ ...good, subscriptions: { bia, ...people(199) }, webhooks }).problems;
    expect(problem).to.deep.include({
      path: ["subscriptions"],
      found: "199 phones, 1 mailboxes and 1 webhooks",
    });
  });
});
