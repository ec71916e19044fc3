import { LINES, SERVICES } from "../contract/lines.ts";
import { localPlace } from "../contract/local-place.ts";

describe("contract of AWS's services, on local/", () => {
  const place = localPlace();

  for (const service of SERVICES) {
    describe(service, () => {
      for (const line of LINES.filter((each) => each.service === service))
        it(line.name, () => line.check(place));
    });
  }
});
