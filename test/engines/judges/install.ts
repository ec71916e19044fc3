import { join } from "node:path";
import { obtainPackages, type Packages } from "../support/python.ts";

/** Python of a virtual environment that has the tool. */
export type Judge = string;

const PARLIAMENT = "1.6.4";
const CHECKOV = "3.3.30";
const CFN_LINT = "1.58.0";

/** https://pypi.org/project/parliament/: what is wrong with IAM policies. Throws UnavailableError, as the others do. */
export function obtainParliament(): Promise<Judge> {
  return obtain({
    name: `parliament-${PARLIAMENT}`,
    packages: [`parliament==${PARLIAMENT}`],
    modules: ["parliament"],
  });
}

/** https://pypi.org/project/checkov/: what could be more secure. */
export function obtainCheckov(): Promise<Judge> {
  return obtain({ name: `checkov-${CHECKOV}`, packages: [`checkov==${CHECKOV}`], modules: ["checkov.main"] });
}

/** https://pypi.org/project/cfn-lint/: what CloudFormation would refuse, by AWS's schemas of each region. */
export function obtainCfnLint(): Promise<Judge> {
  return obtain({ name: `cfn-lint-${CFN_LINT}`, packages: [`cfn-lint==${CFN_LINT}`], modules: ["cfnlint"] });
}

async function obtain(packages: Packages): Promise<Judge> {
  return join(await obtainPackages(packages), "python");
}
