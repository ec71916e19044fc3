import { gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { isReadable } from "../../etl/objects.ts";
import { brokenObjects } from "./broken-objects.ts";
import { archivedLine } from "./memory-lake.ts";
import { runWithJob } from "./python.ts";

const LINES = Array.from({ length: 60 }, (_, minute) =>
  archivedLine({ time: `2024-04-30T11:${String(minute).padStart(2, "0")}:00Z`, sequenceNumber: `${minute}` }),
);

describe("isReadable", () => {
  for (const [name, body] of Object.entries(brokenObjects(LINES))) {
    it(`is false for an object that is ${name}`, async () => {
      expect(await isReadable(body)).to.equal(false);
    });
  }

  it("is true when a line is a JSON object, whatever the others are, in one member or in two", async () => {
    const member = gzipSync('\n[]\nhello\n{"data": 1}');
    const number = gzipSync(`{"data": ${"9".repeat(5000)}}`); // Python reads no integer as long
    const whole = [member, Buffer.concat([member, member]), number];
    expect(await Promise.all(whole.map(isReadable))).to.deep.equal([true, true, true]);
  });

  it("is the same in the Spark job for torn, changed and other objects", async function () {
    const whole = [gzipSync(LINES.join("\n")), gzipSync("{}\n"), gzipSync("text")];
    const cut = fc.record({ from: fc.constantFrom(...whole), to: fc.nat({ max: 400 }) });
    const bytes = fc.oneof(
      cut.map(({ from, to }) => from.subarray(0, to)),
      fc
        .record({ from: fc.constantFrom(...whole), more: fc.uint8Array({ maxLength: 24 }) })
        .map(({ from, more }) => Buffer.concat([from, more])),
      fc
        .record({ from: fc.constantFrom(...whole), at: fc.nat(), bit: fc.nat({ max: 7 }) })
        .map(({ from, at, bit }) => {
          const changed = Buffer.from(from);
          const index = at % changed.length;
          changed.writeUInt8(changed.readUInt8(index) ^ (1 << bit), index);
          return changed;
        }),
      fc.array(fc.constantFrom(...whole), { maxLength: 3 }).map((members) => Buffer.concat(members)),
      fc.json().map((line) => gzipSync(line)),
      fc.string().map((line) => gzipSync(`{"data": ${line}}`)),
    );
    const bodies = [...fc.sample(bytes, { numRuns: 600, seed: 11 }), ...Object.values(brokenObjects(LINES))];

    const answer = runWithJob(
      this,
      "import base64\nprint(json.dumps([job.is_readable(base64.b64decode(body)) for body in given]))",
      bodies.map((body) => Buffer.from(body).toString("base64")),
    );

    const ours = await Promise.all(bodies.map(isReadable));
    expect(new Set(ours)).to.deep.equal(new Set([true, false]));
    expect(JSON.parse(answer)).to.deep.equal(ours);
  });
});
