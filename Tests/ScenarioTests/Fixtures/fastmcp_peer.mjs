// Serves what of the interoperability tests' things (Support/Peers.swift) the TypeScript project fastmcp can: no questions,
// no subscriptions, no tools that come later, and calls of it do not hear that they are cancelled.
//
// usage: fastmcp_peer.mjs PACKAGES stdio any | fastmcp_peer.mjs PACKAGES http any PORT
//
// PACKAGES is a folder with node_modules.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, transport, , port] = process.argv.slice(2);
const require = createRequire(`${packages}/any.js`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { FastMCP, UserError } = await load("fastmcp");
const { z } = await load("zod");

const server = new FastMCP({ name: "fastmcp-peer", version: "1.0.0" });
server.addTool({
  name: "add", description: "Adds two numbers.", annotations: { readOnlyHint: true },
  parameters: z.object({ a: z.number(), b: z.number() }), outputSchema: z.object({ sum: z.number() }),
  execute: async ({ a, b }) => {
    const sum = { sum: a + b };
    return { content: [{ type: "text", text: JSON.stringify(sum) }], structuredContent: sum };
  },
});
server.addTool({
  name: "count", description: "Counts, and says so.", parameters: z.object({ to: z.number() }),
  execute: async ({ to }, { log, reportProgress }) => {
    for (let number = 1; number <= to; number++) {
      await reportProgress({ progress: number, total: to, message: `at ${number}` });
      log.info(`counted ${number}`);
    }
    return "done";
  },
});
server.addTool({
  name: "broken", description: "Always fails.",
  execute: async () => { throw new UserError("the value is bad"); },
});
const given = (text) => async () => ({ text });
server.addResource({ uri: "peer://note", name: "note", mimeType: "text/plain", load: given("a note, größer") });
server.addResource({ uri: "peer://counter", name: "counter", mimeType: "text/plain", load: given("1") });
server.addResourceTemplate({
  uriTemplate: "peer://of/{name}", name: "memo", mimeType: "text/plain",
  arguments: [{ name: "name", required: true, complete: async (value) => ({ values: [`${value}-one`] }) }],
  load: async ({ name }) => {
    if (name === "nobody") throw new Error("nobody has no memo");
    return { text: `memo of ${name}` };
  },
});
server.addPrompt({
  name: "review", description: "Asks for a review.",
  arguments: [{
    name: "code", required: true,
    complete: async (value) => ({ values: [`${value}-one`, `${value}-two`], total: 7, hasMore: true }),
  }],
  load: async ({ code }) => `Review this: ${code}`,
});
await server.start(transport === "stdio"
  ? { transportType: "stdio" }
  : { transportType: "httpStream", httpStream: { port: Number(port), host: "127.0.0.1", endpoint: "/mcp" } });
if (transport !== "stdio") console.error("listening");
