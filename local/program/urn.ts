/**
 * The name that Pulumi's engine gives a resource: with the types of all its ancestors but the stack. Pulumi's mocks have
 * another, with the parent's type alone. https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 * @param resource.parent its URN, or nothing
 */
export function urnOf(resource: {
  readonly stack: string;
  readonly project: string;
  readonly parent: string;
  readonly type: string;
  readonly name: string;
}): string {
  const { stack, project, parent, type, name } = resource;
  const [, , parentType = ""] = parent.split("::");
  const isTop = parent === "" || parentType === "pulumi:pulumi:Stack";
  return `urn:pulumi:${[stack, project, isTop ? type : `${parentType}$${type}`, name].join("::")}`;
}
