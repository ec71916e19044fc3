import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { observe } from "../../../cli/start/observer.ts";
import type { Transition } from "../../../handlers/weather/alerts/transition.ts";
import type { Cloud } from "../../../local/cloud.ts";
import type { Call } from "../../../local/endpoint/gateway.ts";
import { rainClear, rainEscalation } from "../../handlers/support/transitions.ts";

/** An observer, and a way to let calls go by it. */
function watching() {
  let tell: (call: Call) => void = () => undefined;
  const gateway = {
    observe: (told: typeof tell) => {
      tell = told;
    },
  };
  const heard: Transition[] = [];
  const observer = observe({ gateway } as unknown as Cloud, {
    alert: (alert) => heard.push(alert),
    record: () => undefined,
    failedPoll: () => undefined,
  });
  const call = (service: string, operation: string, input: unknown) =>
    tell({ principal: {} as Call["principal"], service, operation, input, output: {} });
  return { observer, heard, call };
}

const put = (Key: string, line: unknown) => ({ Key, Body: gzipSync(`${JSON.stringify(line)}\n`) });
const published = (alert: Transition) => ({
  Message: JSON.stringify({ default: JSON.stringify({ kind: alert.kind, alert }) }),
  MessageStructure: "json",
});

describe("the observer of a run", () => {
  it("lists each alert once, those that are archived and not told as well", () => {
    const { observer, heard, call } = watching();
    call("s3", "PutObject", put("transitions/hour=11/a.ndjson.gz", { transition: rainEscalation }));
    call("sns", "Publish", published(rainEscalation));
    call("sns", "Publish", published(rainEscalation));
    call("s3", "PutObject", put("transitions/hour=07/b.ndjson.gz", { transition: rainClear }));
    call("s3", "PutObject", put("transitions/hour=07/b.ndjson.gz", { transition: rainClear }));

    expect(observer.alerts).to.deep.equal([rainEscalation, rainClear]);
    expect(heard).to.deep.equal(observer.alerts);
  });

  it("takes no other object for one, and no record", () => {
    const { observer, call } = watching();
    call("s3", "PutObject", put("raw/hour=11/a.ndjson.gz", { transition: rainEscalation }));
    call("s3", "PutObject", { Key: "transitions-elsewhere/a" });

    expect(observer.alerts).to.deep.equal([]);
    expect(observer.records()).to.equal(0);
  });
});
