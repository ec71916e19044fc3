import { expect } from "chai";
import { INITIAL_STATE } from "../../handlers/weather/alerts/state.ts";
import {
  at,
  createWorld,
  gustContainer,
  kindsOf,
  STATE_KEY,
  stateOf,
  storm,
  type World,
} from "./support/alert-world.ts";
import { s3Error } from "./support/fake-s3.ts";
import { kinesisEvent, sequence } from "./support/kinesis-event.ts";

describe("the alert handler's state", () => {
  let world: World;

  beforeEach(() => {
    world = createWorld();
  });

  it("reads the state anew when another has written it", async () => {
    const stale = gustContainer(world);
    await stale(kinesisEvent([at(0, { windGust: 5 })]));
    await gustContainer(world)(kinesisEvent([at(1, { windGust: 25 })]));
    const response = await stale(kinesisEvent([at(1, { windGust: 25 }), at(2, { windGust: 35 })]));
    expect(response.batchItemFailures).to.deep.equal([]);
    expect(kindsOf(world)).to.deep.equal(["start", "escalation"]);
  });

  it("gives up, visibly, when the state is written again and again", async () => {
    world.s3.beforePut = () => {
      throw s3Error("PreconditionFailed", 412);
    };
    const response = await gustContainer(world)(kinesisEvent([at(0, { windGust: 25 })]));
    expect(response.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(1) }]);
    expect(world.sns.published).to.deep.equal([]);
    expect(world.log.lines.map(({ level }) => level)).to.deep.equal(["error"]);
  });

  it("resets the stored state and logs an error when it cannot be read", async () => {
    world.s3.objects.set(STATE_KEY, Buffer.from('{"version":0}'));
    await gustContainer(world)(kinesisEvent([at(0, { windGust: 25 })]));
    expect(kindsOf(world)).to.deep.equal(["start"]);
    expect(world.log.lines[0]).to.deep.include({ level: "error" });
    expect(stateOf(world)).to.include({ version: INITIAL_STATE.version });
  });

  it("writes nothing but the state while nothing changes, and that once a batch", async () => {
    await gustContainer(world)(kinesisEvent([0, 1, 2].map((hour) => at(hour, { windGust: 5 }))));
    expect(world.s3.puts).to.deep.equal([STATE_KEY]);
  });

  it("reads the state once in a container's life while nobody else writes it", async () => {
    const warm = gustContainer(world);
    await warm(kinesisEvent(storm.slice(0, 2)));
    world.s3.objects.delete(STATE_KEY); // read again, it would be gone, and the alert would start again
    const response = await warm(kinesisEvent(storm.slice(1, 2)));
    expect(response.batchItemFailures).to.deep.equal([]);
    expect(kindsOf(world)).to.deep.equal(["start"]);
  });
});
