// Uses muster with the official TypeScript client and prints what it saw as one JSON object.
//
// usage: typescript_client.mjs SDK stdio COMMAND [ARGUMENT...] | typescript_client.mjs SDK http|sse URL
const [sdk, transport, target, ...words] = process.argv.slice(2);
const load = (name) => import(`${sdk}/dist/esm/${name}.js`);
const { Client } = await load("client/index");
const types = await load("types");

async function connection() {
  if (transport === "stdio") {
    const { StdioClientTransport } = await load("client/stdio");
    return new StdioClientTransport({ command: target, args: words, env: { ...process.env } });
  }
  if (transport === "sse") {
    const { SSEClientTransport } = await load("client/sse");
    return new SSEClientTransport(new URL(target));
  }
  const { StreamableHTTPClientTransport } = await load("client/streamableHttp");
  return new StreamableHTTPClientTransport(new URL(target));
}

const client = new Client({ name: "test", version: "1" }, { capabilities: { elicitation: {} } });
const seen = { changes: 0, asked: [] };
client.setNotificationHandler(types.ToolListChangedNotificationSchema, () => { seen.changes += 1; });
client.setRequestHandler(types.ElicitRequestSchema, (request) => {
  seen.asked.push(request.params.message);
  return { action: "decline" };
});
await client.connect(await connection());
seen.server = client.getServerVersion().name;

// Servers start beside the listener: at most a minute.
async function allTools() {
  const tools = [];
  let cursor;
  do {
    const page = await client.listTools({ cursor });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor);
  return tools;
}
let tools = [];
for (let n = 0; n < 1200; n++) {
  tools = await allTools();
  const names = tools.map((tool) => tool.name);
  if (names.includes("x_ledger_look") && (process.env.PEER === undefined || names.includes(process.env.PEER))) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
}
seen.tools = tools.map((tool) => tool.name).sort();
const progress = [];
// The client holds structured content against the output schema itself.
const listed = await client.callTool({ name: "core_workflow_list", arguments: {} });
seen.workflows = listed.structuredContent.workflows.map((workflow) => workflow.name);
const answer = await client.callTool({ name: "workflow_two", arguments: { name: "n" } }, undefined,
  { onprogress: (report) => progress.push([report.progress, report.total, report.message]) });
seen.status = answer.structuredContent.status;
seen.progress = progress;
const id = answer.structuredContent.execution_id;
const record = await client.callTool({ name: "core_workflow_execution_get", arguments: { execution_id: id } });
seen.record = record.structuredContent.status;
seen.failed = (await client.callTool({ name: "x_ledger_fail", arguments: { name: "f" } })).isError;
seen.unknown = await client.callTool({ name: "nothing", arguments: {} }).catch((error) => error.code);
const stop = new AbortController();
const hanging = client.callTool({ name: "x_ledger_hang", arguments: { name: "h" } }, undefined, { signal: stop.signal });
setTimeout(() => stop.abort("enough"), 300);
seen.cancelled = await hanging.then(() => "answered", () => "cancelled");
const resources = (await client.listResources()).resources;
seen.resources = resources.length > 0;
seen.templates = Array.isArray((await client.listResourceTemplates()).resourceTemplates);
seen.read = (await client.readResource({ uri: resources[0].uri })).contents.length;
seen.prompts = Array.isArray((await client.listPrompts()).prompts);
if (process.env.PEER !== undefined) {
  seen.peer = (await client.callTool({ name: process.env.PEER, arguments: {} })).content.length > 0;
  const document = resources.find((resource) => resource.uri.endsWith("/features.md"));
  const read = (await client.readResource({ uri: document.uri })).contents[0];
  seen.peerResource = [read.uri, read.text.length > 0];
  const prompt = (await client.getPrompt({ name: "x_everything_simple-prompt" })).messages[0];
  seen.peerPrompt = [prompt.role, prompt.content.text];
  const own = await client.getPrompt({ name: "run_workflow", arguments: { workflow: "two" } });
  seen.ownPrompt = own.messages.length > 0;
}
await client.ping();
await client.close();
console.log(JSON.stringify(seen));
process.exit(0);
