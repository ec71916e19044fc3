/** What an executable `pulumi-resource-aws` runs: prints the port that it serves the stand-in provider on. */
import { createRequire } from "node:module";
import { provider } from "@pulumi/pulumi";
import { createProvider } from "./provider.ts";
import { subscriptionsIn } from "./subscriptions.ts";

announcePreviews();
const { AWS_REGION = "us-east-1", STAND_IN_SUBSCRIPTIONS: file } = process.env;
await provider.main(
  createProvider(AWS_REGION, file ? subscriptionsIn(file) : undefined),
  process.argv.slice(2),
);

/**
 * The SDK's server does not say that its provider supports previews. To the engine all outputs of what is updated would
 * then be unknown in a preview, and all that reads them would seem to change.
 */
function announcePreviews(): void {
  const { ConfigureResponse } = createRequire(import.meta.url)("@pulumi/pulumi/proto/provider_pb.js");
  const { setAcceptsecrets } = ConfigureResponse.prototype;
  ConfigureResponse.prototype.setAcceptsecrets = function (accepted: boolean) {
    this.setSupportspreview(true);
    return setAcceptsecrets.call(this, accepted);
  };
}
