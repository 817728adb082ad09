// Serves what the interoperability tests know of (Support/Peers.swift) with version 2 of the official TypeScript SDK.
//
// usage: typescript_v2_server.mjs PACKAGES stdio REVISION | … PACKAGES http REVISION PORT
//
// PACKAGES is a folder with node_modules. REVISION is the only one that it speaks.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";

const [packages, transport, revision, port] = process.argv.slice(2);
const require = createRequire(`${packages}/any.js`);
const sdk = require("@modelcontextprotocol/server");
const { fromJsonSchema, inputRequired } = sdk;
const isModern = revision >= "2026-07-28";

// What all instances share: of the modern era there is one for each request.
let cancelled = 0;
let isGrown = false;
let news = { resourceUpdated: () => {}, toolsChanged: () => {} };
const text = (words) => ({ content: [{ type: "text", text: words }] });
const object = (properties) => fromJsonSchema({ type: "object", properties, required: Object.keys(properties) });
const reading = { readOnlyHint: true };

function addTools(server) {
  const add = { description: "Adds two numbers.", annotations: reading,
    inputSchema: object({ a: { type: "number" }, b: { type: "number" } }), outputSchema: object({ sum: { type: "number" } }) };
  server.registerTool("add", add, ({ a, b }) => ({ structuredContent: { sum: a + b }, ...text(JSON.stringify({ sum: a + b })) }));
  const count = { description: "Counts, and says so.", inputSchema: object({ to: { type: "integer" } }) };
  server.registerTool("count", count, async ({ to }, context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (let number = 1; number <= to; number++) {
      const params = { progressToken, progress: number, total: to, message: `at ${number}` };
      if (progressToken !== undefined) await context.mcpReq.notify({ method: "notifications/progress", params });
      await context.mcpReq.log("info", `counted ${number}`);
    }
    return text("done");
  });
  const ask = { description: "Asks before it acts.", inputSchema: object({ what: { type: "string" } }) };
  const approval = { type: "object", properties: { approved: { type: "boolean" } }, required: ["approved"] };
  server.registerTool("ask", ask, async ({ what }, context) => {
    const question = { message: `Deploy ${what}?`, requestedSchema: approval };
    const answer = isModern ? context.mcpReq.inputResponses?.approval : await context.mcpReq.elicitInput(question);
    if (!answer) return inputRequired({ inputRequests: { approval: inputRequired.elicit(question) } });
    return text(`${answer.action} ${answer.content?.approved}`);
  });
  server.registerTool("hang", { description: "Waits until it is cancelled." }, (context) =>
    new Promise((_, reject) => context.mcpReq.signal.addEventListener("abort", () => { cancelled += 1; reject(new Error("stopped")); })));
  server.registerTool("cancelled", { description: "How many calls have been cancelled." }, () => text(`${cancelled}`));
  server.registerTool("broken", { description: "Always fails." }, () => { throw new Error("the value is bad"); });
  server.registerTool("touch", { description: "Changes the counter." }, async () => {
    await server.server.sendResourceUpdated?.({ uri: "peer://counter" });
    news.resourceUpdated("peer://counter");
    return text("touched");
  });
  const grown = () => server.registerTool("grown", { description: "Came later." }, () => text("here"));
  server.registerTool("grow", { description: "Adds a tool." }, () => {
    isGrown = true;
    if (!isModern || transport === "stdio") grown();
    news.toolsChanged();
    return text("grown");
  });
  if (isGrown) grown();
}

function addContents(server) {
  const plain = { mimeType: "text/plain" };
  const content = (uri, words) => ({ contents: [{ uri, ...plain, text: words }] });
  server.registerResource("note", "peer://note", plain, () => content("peer://note", "a note, größer"));
  server.registerResource("counter", "peer://counter", plain, () => content("peer://counter", "1"));
  const template = new sdk.ResourceTemplate("peer://of/{name}", { list: undefined });
  server.registerResource("memo", template, plain, (uri, { name }) => {
    if (name === "nobody") throw new sdk.ResourceNotFoundError(uri.href);
    return content(uri.href, `memo of ${name}`);
  });
  server.registerPrompt("review", { argsSchema: object({ code: { type: "string" } }) },
    ({ code }) => ({ messages: [{ role: "user", content: { type: "text", text: `Review this: ${code}` } }] }));
  server.server.setRequestHandler("completion/complete", ({ params: { ref, argument: { value } } }) => ({
    completion: ref.type === "ref/prompt"
      ? { values: [`${value}-one`, `${value}-two`], total: 7, hasMore: true } : { values: [`${value}-one`] },
  }));
  if (!isModern) for (const verb of ["subscribe", "unsubscribe"]) server.server.setRequestHandler(`resources/${verb}`, () => ({}));
}

function makeServer() {
  const capabilities = { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true },
    prompts: { listChanged: true }, completions: {}, logging: {} };
  const server = new sdk.McpServer({ name: "typescript-peer", version: "2" },
    { capabilities, ...(isModern ? {} : { supportedProtocolVersions: [revision] }) });
  addTools(server);
  addContents(server);
  return server;
}

// A session for each client of an older revision.
function sessions() {
  const { NodeStreamableHTTPServerTransport } = require("@modelcontextprotocol/node");
  const open = new Map();
  return async (request, response) => {
    let session = open.get(request.headers["mcp-session-id"]);
    if (!session) {
      session = new NodeStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID, onsessioninitialized: (id) => { open.set(id, session); },
      });
      await makeServer().connect(session);
    }
    await session.handleRequest(request, response);
  };
}

if (transport === "stdio") {
  const stdio = require("@modelcontextprotocol/server/stdio");
  // Made by this function a server would speak the modern era beside the older ones.
  if (isModern) stdio.serveStdio(makeServer, { legacy: "reject" });
  else await makeServer().connect(new stdio.StdioServerTransport());
} else {
  let handle;
  if (isModern) {
    const handler = sdk.createMcpHandler(makeServer, { legacy: "reject" });
    news = handler.notify;
    handle = require("@modelcontextprotocol/node").toNodeHandler(handler);
  } else handle = sessions();
  createServer(handle).listen(Number(port), "127.0.0.1", () => console.error("listening"));
}
