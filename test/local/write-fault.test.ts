import { expect } from "chai";
import { cannotWrite } from "../../local/output-directory.ts";

describe("a fault of the file system", () => {
  const faults: [string, unknown, string | undefined][] = [
    [
      "that Pulumi quotes",
      new Error(
        "failed to register new resource x: error serializing property dashboardBody: ENOSPC: no space left on device, write",
      ),
      "Cannot write to /out: no space left on device",
    ],
    [
      "of a file in the folder",
      new Error("s3:PutObject: Error: EACCES: permission denied, open '/out/s3/lake/raw/a'"),
      "Cannot write to /out: permission denied (/out/s3/lake/raw/a)",
    ],
    [
      "in a cause",
      new Error("the run failed", { cause: new Error("EROFS: read-only file system, mkdir '/out'") }),
      "Cannot write to /out: read-only file system",
    ],
    [
      "of a rename",
      new Error("EBUSY: resource busy or locked, rename '/out' -> '/out.previous'"),
      "Cannot write to /out: resource busy or locked",
    ],
    ["of a file elsewhere", new Error("EACCES: permission denied, open '/etc/shadow'"), undefined],
    ["that is another error", new Error("ECONNREFUSED: connect, it is no file"), undefined],
  ];
  for (const [name, error, line] of faults) {
    it(`${line === undefined ? "does not explain an error" : "is one line"}: ${name}`, () => {
      expect(cannotWrite("/out", error)).to.equal(line);
    });
  }
});
