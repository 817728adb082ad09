// Calls workflows as tasks with the official tasks extension of the TypeScript SDK, and prints what it saw as one JSON object.
//
// usage: typescript_tasks_client.mjs PACKAGES URL
//
// PACKAGES is a folder with node_modules. The extension leaves requests to its host, which is this file.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, url] = process.argv.slice(2);
const require = createRequire(`${packages}/any.js`);
const { Client, StreamableHTTPClientTransport } = require("@modelcontextprotocol/client");
const { createTaskSessionFromClient } =
  await import(pathToFileURL(`${packages}/node_modules/@modelcontextprotocol/ext-tasks/dist/client/index.js`));

const protocolVersion = "2026-07-28";
const clientInfo = { name: "typescript-tasks", version: "2" };
const clientCapabilities = { elicitation: { form: {} }, extensions: { "io.modelcontextprotocol/tasks": {} } };

let count = 0;
async function rawDispatch(request, options) {
  const message = { jsonrpc: "2.0", id: `t${count++}`, ...request };
  const name = request.params?.name ?? request.params?.taskId;
  const answer = await fetch(url, {
    method: "POST", signal: options?.signal, body: JSON.stringify(message),
    headers: {
      "Content-Type": "application/json", Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": protocolVersion, "Mcp-Method": request.method, ...(name ? { "Mcp-Name": name } : {}),
    },
  });
  const text = await answer.text();
  const events = text.split("\n").filter((line) => line.startsWith("data:")).map((line) => JSON.parse(line.slice(5)));
  const { result, error } = events.find((event) => event.id === message.id) ?? JSON.parse(text);
  return error ? { kind: "error", error } : { kind: "result", result };
}

const client = new Client(clientInfo, { capabilities: clientCapabilities, versionNegotiation: { mode: { pin: protocolVersion } } });
await client.connect(new StreamableHTTPClientTransport(new URL(url)));
for (let tools = []; !tools.includes("x_peer_ask");) {
  await new Promise((resolve) => setTimeout(resolve, 30));
  tools = (await client.listTools(undefined, { cacheMode: "refresh" })).tools.map((tool) => tool.name);
}

const seen = { asked: [] };
const session = createTaskSessionFromClient(client, {
  endpointId: "muster", rawDispatch, v2RequestFraming: { protocolVersion, clientInfo, clientCapabilities },
  onInputRequest: async (request) => {
    seen.asked.push(request.params.message);
    return { action: "accept", content: { approved: true } };
  },
});
const settled = async (name, args = {}) => {
  const execution = await session.callTool(name, args);
  const { outcome } = await execution.settle();
  return [outcome.status, outcome.task !== undefined, outcome.result?.structuredContent?.status ?? null];
};
seen.sum = await settled("workflow_sum", { a: 1 });
seen.release = await settled("workflow_release");
seen.wrong = await settled("workflow_wrong");

const stuck = await session.callTool("workflow_stuck", {});
setTimeout(() => stuck.cancel(), 200);
seen.stuck = (await stuck.settle()).outcome.status;
await session.close();
await client.close();
console.log(JSON.stringify(seen));
process.exit(0);
