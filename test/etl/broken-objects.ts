import { gzipSync } from "node:zlib";

/** Bytes that are no whole raw object, by what is wrong with them. Long enough that half of it has whole lines. */
export function brokenObjects(lines: readonly string[]): Record<string, { body: Uint8Array; flaw: string }> {
  const whole = gzipSync(`${lines.join("\n")}\n`);
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, damaged.length - 8, damaged.length - 4);
  const ends = "gzip that ends early";
  const isNone = "no gzip, or damaged";
  const noRecord = "no line is a JSON object";
  return {
    empty: { body: new Uint8Array(), flaw: "0 bytes" },
    torn: { body: whole.subarray(0, whole.length - 40), flaw: ends },
    "torn in its trailer": { body: whole.subarray(0, -1), flaw: ends },
    "torn in its header": { body: whole.subarray(0, 5), flaw: ends },
    "torn in its second member": { body: Buffer.concat([whole, whole.subarray(0, 30)]), flaw: ends },
    plain: { body: Buffer.from(lines.join("\n")), flaw: isNone },
    "with another checksum": { body: damaged, flaw: isNone },
    "with zeros behind": { body: Buffer.concat([whole, Buffer.alloc(9)]), flaw: isNone },
    "with one zero behind": { body: Buffer.concat([whole, Buffer.alloc(1)]), flaw: isNone },
    "with text behind": { body: Buffer.concat([whole, Buffer.from("and more")]), flaw: isNone },
    text: { body: gzipSync("hello\n\nworld\n"), flaw: noRecord },
    nothing: { body: gzipSync(""), flaw: noRecord },
    "JSON of other kinds": { body: gzipSync('[{"data":{}}]\n"{}"\nnull\n5\n{"data":NaN}\n'), flaw: noRecord },
    // Python's json reads it.
    "a byte-order mark": { body: gzipSync("\ufeff{}\n"), flaw: noRecord },
  };
}
