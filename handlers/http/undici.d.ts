/**
 * Deep paths of undici 8: its index brings fetch, WebSocket, caches and mocks along, 76 KB zipped of what no
 * function runs. The package has no `exports`, so the paths are open; a bundle test would notice a move.
 */
declare module "undici/lib/dispatcher/agent.js" {
  import type { Agent } from "undici";

  const agent: typeof Agent;
  export default agent;
}

declare module "undici/lib/api/api-request.js" {
  import type { Dispatcher } from "undici";

  function request(this: Dispatcher, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  export default request;
}
