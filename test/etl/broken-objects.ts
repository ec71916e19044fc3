import { gzipSync } from "node:zlib";

/** Unreadable raw objects, by what is wrong with them. They are long enough that half of one has complete lines. */
export function brokenObjects(lines: readonly string[]): Record<string, Uint8Array> {
  const whole = gzipSync(`${lines.join("\n")}\n`);
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, damaged.length - 8, damaged.length - 4);
  return {
    empty: new Uint8Array(),
    torn: whole.subarray(0, whole.length - 40),
    "torn in its trailer": whole.subarray(0, -1),
    "torn in its header": whole.subarray(0, 5),
    "torn in its second member": Buffer.concat([whole, whole.subarray(0, 30)]),
    plain: Buffer.from(lines.join("\n")),
    "with another checksum": damaged,
    "with zeros behind": Buffer.concat([whole, Buffer.alloc(9)]),
    "with one zero behind": Buffer.concat([whole, Buffer.alloc(1)]),
    "with text behind": Buffer.concat([whole, Buffer.from("and more")]),
    text: gzipSync("hello\n\nworld\n"),
    nothing: gzipSync(""),
    "JSON of other kinds": gzipSync('[{"data":{}}]\n"{}"\nnull\n5\n{"data":NaN}\n'),
    // Python's json reads it.
    "a byte-order mark": gzipSync("\ufeff{}\n"),
  };
}
