import { expect } from "chai";
import { alertMessage } from "../../handlers/weather/messages/alert-message.ts";
import { wordsOf } from "../../handlers/weather/messages/language.ts";
import { rainEscalation } from "../handlers/support/transitions.ts";
import { failure, good, parse, portoAlegre } from "../infra/stack-config.ts";

const named = (name: string) => ({ locations: { "porto-alegre": { ...portoAlegre, name } } });

describe("sender and advice in config", () => {
  it("are accepted where every text has room for them", () => {
    const config = {
      ...good,
      sender: "Defesa Civil",
      advice: { rain: { red: "Ligue 199" }, any: { red: "Abrigue-se" } },
    };

    expect(parse(config)).to.deep.include({ sender: "Defesa Civil", advice: config.advice });
    expect(parse(good)).to.deep.include({ advice: {} });
  });

  it("are refused, with the room there is, where a location's name leaves too little", () => {
    const advice = { rain: { red: "Saia de áreas de risco e ligue 199 se precisar de ajuda já" } };
    const long = named("São Sebastião do Rio Verde da Serra");
    const { problems } = failure({ ...good, ...long, sender: "Defesa Civil", advice });

    expect(problems.map(({ path }) => path.join("."))).to.deep.equal(["advice.rain.red"]);
    expect(problems[0]?.allowed).to.match(
      /^\d+ characters at most, not 58, for room in a text such as "Defesa Civil: CHUVA sobe para VERMELHO \(nao confirmado\) em Sao/,
    );
    expect(problems[0]?.fix).to.match(/^pulumi config set --path stormwire:advice\.rain\.red -- 'Saia de /);
    const shorter = problems[0]?.fix.split(" -- '")[1]?.replace(/'$/, "");
    expect(() =>
      parse({ ...good, ...long, sender: "Defesa Civil", advice: { rain: { red: shorter } } }),
    ).not.to.throw();
  });

  it("have room in every text of an accepted config, also in one that is unconfirmed", () => {
    const sender = "Defesa Civil";
    const name = "São Sebastião do Rio Verde";
    const location = { id: "porto-alegre", ...portoAlegre, name };
    const { threshold: _, ...rise } = rainEscalation;
    const accepted = [...Array(60).keys()]
      .map((index) => "x".repeat(index + 1))
      .filter((red) => {
        try {
          return parse({ ...good, ...named(name), sender, advice: { rain: { red } } }) !== undefined;
        } catch {
          return false;
        }
      });

    expect(accepted).to.have.length.within(1, 59);
    for (const red of accepted) {
      const unconfirmed = { ...rise, threshold: 100, value: 888.8, unconfirmed: true } as const;
      const issuer = { sender, advice: { rain: { red } } };
      const { sms } = alertMessage(unconfirmed, location, wordsOf("pt-BR"), [], issuer);
      expect(sms).to.include(red).and.include("Sao Sebastiao do Rio Verde:");
    }
  });

  it("have room beside a value of four digits, such as a pressure", () => {
    const sender = "Defesa Civil";
    const name = "São Sebastião do Rio Verde";
    const measure = { metric: "pressureSeaLevel", over: "24h", as: "max" } as const;
    const rules = { hazards: [{ hazard: "pressure", measure, levels: { red: 1040 } }] };
    const accepted = [...Array(60).keys()]
      .map((index) => "x".repeat(index + 1))
      .filter((red) => {
        try {
          return (
            parse({ ...good, ...named(name), rules, sender, advice: { pressure: { red } } }) !== undefined
          );
        } catch {
          return false;
        }
      });

    expect(accepted).to.have.length.within(1, 59);
    const rise = { ...rainEscalation, hazard: "pressure", measure, value: 1041.2, threshold: 1040 };
    for (const red of accepted) {
      const issuer = { sender, advice: { pressure: { red } } };
      const location = { id: "porto-alegre", ...portoAlegre, name };
      const { sms } = alertMessage({ ...rise, unconfirmed: true }, location, wordsOf("pt-BR"), [], issuer);
      expect(sms).to.include(red);
    }
  });

  it("name a hazard that has a rule, or any", () => {
    const { problems } = failure({ ...good, advice: { flood: { red: "Ligue 199" } } });

    expect(problems[0]?.path).to.deep.equal(["advice", "flood"]);
    expect(problems[0]?.allowed).to.match(/^a hazard that has a rule, or any: rain, wind, dry-air, any$/);
  });
});
