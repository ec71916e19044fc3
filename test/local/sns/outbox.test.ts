import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type OutboxMessage, openOutbox } from "../../../local/sns/outbox.ts";

const message = (text: string): OutboxMessage => ({
  time: "2024-04-30T11:00:00.000Z",
  protocol: "sms",
  endpoint: "+12025550100",
  message: text,
  attributes: { level: 3, audience: ["all"], kind: "start" },
});

describe("outbox", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "outbox-"));
    path = join(directory, "deep", "outbox.ndjson");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("writes a line a message and continues an earlier run's file", () => {
    const first = openOutbox(path);
    first.append(message("one\nline"));
    first.close();

    const second = openOutbox(path);
    second.append(message("two"));
    second.close();

    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).to.deep.equal([message("one\nline"), message("two")]);
    expect(second.messages).to.deep.equal([message("one\nline"), message("two")]);
  });

  it("drops a last line that a crash cut off, in the middle of a character too", () => {
    const first = openOutbox(path);
    first.append(message("whole"));
    first.close();
    appendFileSync(path, Buffer.from('{"message":"chuva à').subarray(0, -1));

    const second = openOutbox(path);
    second.append(message("next"));
    second.close();

    expect(openAndClose(path)).to.deep.equal([message("whole"), message("next")]);
  });

  it("names a line that is not a message", () => {
    const first = openOutbox(path);
    first.append(message("whole"));
    first.close();
    writeFileSync(path, `{"time":"never"}\n${readFileSync(path, "utf8")}`);

    expect(() => openOutbox(path)).to.throw(`${path}:1 is not a message`);
  });
});

function openAndClose(path: string): readonly OutboxMessage[] {
  const outbox = openOutbox(path);
  outbox.close();
  return outbox.messages;
}
