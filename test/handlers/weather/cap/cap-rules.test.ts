import { expect } from "chai";
import { capLanguages, capProblems } from "./cap-rules.ts";

/** A message with all that CAP asks for, and some of what it allows. */
const VALID = `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>storm-7</identifier>
  <sender>warnings@example.org</sender>
  <sent>2024-04-30T08:00:00-03:00</sent>
  <status>Actual</status>
  <msgType>Update</msgType>
  <scope>Public</scope>
  <references>warnings@example.org,storm-6,2024-04-30T07:00:00-03:00</references>
  <info>
    <category>Met</category>
    <category>Safety</category>
    <event>Rain</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Observed</certainty>
    <onset>2024-04-30T07:00:00-03:00</onset>
    <headline>Rain at A &amp; B</headline>
    <parameter><valueName>value</valueName><value>31</value></parameter>
    <area>
      <areaDesc>A &amp; B</areaDesc>
      <polygon>1,1 1,2 2,2 1,1</polygon>
      <circle>-30.05,-51.17 10</circle>
    </area>
  </info>
</alert>`;

/** A breach of each rule, as a replacement in the valid message, and a part of what is said of it. */
const BREACHES: Readonly<Record<string, readonly [from: string | RegExp, to: string, problem: string]>> = {
  "a required element is missing": ["<status>Actual</status>", "", "<status> is missing"],
  "a required element of an info is missing": ["<event>Rain</event>", "", "info: <event> is missing"],
  "the category is missing": [/<category>.*?<\/category>/gs, "", "info: <category> is missing"],
  "an area has no description": [/<areaDesc>.*<\/areaDesc>/, "", "info: area: <areaDesc> is missing"],
  "a parameter has no value": ["<value>31</value>", "", "parameter: <value> is missing"],
  "elements are out of order": [
    /(<status>.*<\/status>)\s*(<msgType>.*<\/msgType>)/,
    "$2$1",
    "<status> comes too late",
  ],
  "elements of an info are out of order": [
    /(<urgency>.*<\/urgency>)\s*(<severity>.*<\/severity>)/,
    "$2$1",
    "info: <urgency> comes too late",
  ],
  "an element is there twice": ["<scope>", "<scope>Public</scope><scope>", "<scope> is there 2 times"],
  "an element is not CAP's": ["<info>", "<mood>Bad</mood><info>", "<mood> is not an element"],
  "text stands between elements": ["<info>", "hello<info>", 'text beside its elements: "hello"'],
  "a time is in Z": ["08:00:00-03:00", "11:00:00Z", "sent: "],
  "a time has fractions": ["08:00:00-03:00", "08:00:00.5-03:00", "sent: "],
  "a time has no offset": ["08:00:00-03:00", "08:00:00", "sent: "],
  "a time does not exist": ["2024-04-30T08", "2024-04-31T08", "no time that exists"],
  "an offset does not exist": ["08:00:00-03:00", "08:00:00-15:00", "no time that exists"],
  "an onset is in Z": ["<onset>2024-04-30T07:00:00-03:00", "<onset>2024-04-30T10:00:00Z", "info: onset: "],
  "a status is none of CAP's": ["Actual", "Real", "not one of Actual, Exercise"],
  "a message type is none of CAP's": ["Update", "Clear", "not one of Alert, Update"],
  "a severity is none of CAP's": ["Severe", "Red", "not one of Extreme, Severe"],
  "a category is none of CAP's": ["Safety", "Weather", "not one of Geo, Met"],
  "references are missing of an update": [/<references>.*<\/references>/, "", "<references> is missing"],
  "references are missing of a cancellation": [
    /<msgType>Update(.*?)<references>.*?<\/references>/s,
    "<msgType>Cancel$1",
    "<references> is missing",
  ],
  "a reference is an identifier alone": [
    /<references>.*</,
    "<references>storm-6<",
    "not sender,identifier,sent",
  ],
  "a reference has its time in Z": [
    "storm-6,2024-04-30T07:00:00-03:00",
    "storm-6,2024-04-30T10:00:00Z",
    "references: ",
  ],
  "an identifier has a space": ["storm-7", "storm 7", "identifier: "],
  "an identifier has a comma": ["storm-7", "storm,7", "identifier: "],
  "a sender has an ampersand": ["<sender>warnings", "<sender>a&amp;b", "sender: "],
  "a sender is empty": [/<sender>.*<\/sender>/, "<sender/>", "sender: "],
  "a restricted message has no restriction": ["Public", "Restricted", "<restriction> is missing"],
  "a private message has no addresses": ["Public", "Private", "<addresses> is missing"],
  "an alert has no info": [/<msgType>Update(.*?)<info>.*<\/info>/s, "<msgType>Alert$1", "<info> is missing"],
  "a circle has no radius": ["-30.05,-51.17 10", "-30.05,-51.17", "circle: "],
  "a circle has a comma before its radius": ["-30.05,-51.17 10", "-30.05,-51.17,10", "circle: "],
  "a circle has longitude first": ["-30.05,-51.17 10", "-151.17,-30.05 10", "circle: "],
  "a polygon is open": ["1,1 1,2 2,2 1,1", "1,1 1,2 2,2", "polygon: "],
  "a language is none": ["<info>", "<info><language>pt_BR</language>", "language tag"],
  "the namespace is of CAP 1.1": ["cap:1.2", "cap:1.1", "the namespace is"],
  "the root is another": [/alert/g, "warning", "the root is <warning>"],
  "the text is not escaped": ["A &amp; B", "A < B", "not well-formed"],
};

describe("the restated rules of CAP 1.2", () => {
  it("find nothing wrong with a valid message", () => {
    expect(capProblems(VALID)).to.deep.equal([]);
  });

  for (const [breach, [from, to, problem]] of Object.entries(BREACHES)) {
    it(`notice that ${breach}`, () => {
      const broken = VALID.replace(from, to);
      expect(broken).to.not.equal(VALID);
      expect(capProblems(broken).join("\n")).to.include(problem);
    });
  }

  it("take an info without a language as American English", () => {
    expect(capLanguages(VALID)).to.deep.equal(["en-US"]);
    expect(capLanguages(VALID.replace("<info>", "<info><language>pt-BR</language>"))).to.deep.equal([
      "pt-BR",
    ]);
  });
});
