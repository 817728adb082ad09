// Uses muster, and through it a server of the interoperability tests, with version 2 of the official TypeScript client;
// prints what it saw as one JSON object.
//
// usage: typescript_v2_client.mjs PACKAGES REVISION stdio COMMAND [ARGUMENT...] | … REVISION http|sse URL
//
// PACKAGES is a folder with node_modules. Words of LACKS are what the way between it and the server cannot do.
import { createRequire } from "node:module";

const [packages, revision, transport, target, ...words] = process.argv.slice(2);
const require = createRequire(`${packages}/any.js`);
const { Client, StreamableHTTPClientTransport, SSEClientTransport } = require("@modelcontextprotocol/client");
const { StdioClientTransport } = require("@modelcontextprotocol/client/stdio");
const prefix = "x_peer_";
const lacks = new Set((process.env.LACKS ?? "").split(" "));
const has = (what) => !lacks.has(what);
const isModern = revision >= "2026-07-28";

const seen = {};
let wake = () => {};
function add(key, value) {
  (seen[key] ??= []).push(value);
  wake();
}

// Whether so many of a kind arrive within the time in milliseconds.
async function wait(key, count, milliseconds) {
  const end = Date.now() + milliseconds;
  while ((seen[key]?.length ?? 0) < count) {
    if (Date.now() >= end) return false;
    await new Promise((resolve) => { wake = resolve; setTimeout(resolve, end - Date.now()).unref(); });
  }
  return true;
}

async function until(condition, milliseconds) {
  for (const end = Date.now() + milliseconds; Date.now() < end;) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return false;
}

const client = new Client({ name: "typescript-peer", version: "2" }, {
  capabilities: { elicitation: { form: {} } },
  supportedProtocolVersions: [revision],
  versionNegotiation: { mode: isModern ? { pin: revision } : "legacy" },
  listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => add("changes", "tools") } },
});
client.setRequestHandler("elicitation/create", (request) => {
  add("asked", request.params.message);
  return { action: "accept", content: { approved: true } };
});
client.setNotificationHandler("notifications/message", ({ params }) => add("log", [params.level, params.data]));
client.setNotificationHandler("notifications/resources/updated", ({ params }) => add("updated", params.uri));

const way = {
  stdio: () => new StdioClientTransport({ command: target, args: words, env: { ...process.env }, stderr: "inherit" }),
  http: () => new StreamableHTTPClientTransport(new URL(target)),
  sse: () => new SSEClientTransport(new URL(target)),
}[transport]();
await client.connect(way);
seen.revision = client.getNegotiatedProtocolVersion();
seen.server = client.getServerVersion().name;

const call = (name, args = {}, options = {}, _meta = undefined) => client.callTool({ name, arguments: args, _meta }, options);
const text = (result) => result.content.find((content) => content.type === "text")?.text ?? "";
const fresh = { cacheMode: "refresh" };
const tools = async () => (await client.listTools(undefined, fresh)).tools.map((tool) => tool.name).sort();
const report = (key) => ({ onprogress: ({ progress, total, message }) => add(key, [progress, total, message]) });

if (!await until(async () => (await tools()).includes(`${prefix}add`), 30_000)) throw new Error("the server's tools do not appear");

seen.tools = await tools();
const sum = await call(`${prefix}add`, { a: 40, b: 2.5 });
[seen.add, seen.addText] = [sum.structuredContent, text(sum)];
const broken = await call(`${prefix}broken`);
seen.broken = [broken.isError, text(broken)];
seen.wrong = await call(`${prefix}add`, { a: "one", b: 2 }).then((result) => result.isError === true, () => true);
seen.unknown = await call("nothing").then(() => "answered", (error) => error.code);
if (has("logging") && !isModern) await client.setLoggingLevel("info");
const level = isModern ? { "io.modelcontextprotocol/logLevel": "info" } : undefined;
seen.count = text(await call(`${prefix}count`, { to: 3 }, report("progress"), level));
await wait("progress", 3, 2000);
if (has("logging")) await wait("log", 3, 2000);
if (has("questions")) {
  const asked = await call(`${prefix}ask`, { what: "web" });
  seen.ask = [asked.isError === true, text(asked)];
}

const answer = await call("workflow_sum", { a: 1 }, report("workflowProgress"));
seen.workflow = answer.structuredContent.status;
await wait("workflowProgress", 2, 2000);
const id = answer.structuredContent.execution_id;
seen.record = (await call("core_workflow_execution_get", { execution_id: id })).structuredContent.status;
if (has("questions")) seen.release = (await call("workflow_release")).structuredContent.status;

if (has("cancellation")) {
  const stop = new AbortController();
  setTimeout(() => stop.abort("enough"), 200);
  seen.cancelled = await call(`${prefix}hang`, {}, { signal: stop.signal }).then(() => false, () => true);
  await until(async () => (seen.cancelledAtServer = text(await call(`${prefix}cancelled`))) !== "0", 5000);
}

if (has("contents")) {
  seen.resources = (await client.listResources()).resources.map((resource) => resource.uri);
  seen.templates = (await client.listResourceTemplates()).resourceTemplates.map((template) => template.uriTemplate);
  seen.prompts = (await client.listPrompts()).prompts.map((prompt) => prompt.name);
  const read = (uri) => client.readResource({ uri })
    .then(({ contents: [content] }) => [content.uri, content.mimeType, content.text], (error) => error.code);
  seen.note = await read("peer://note");
  seen.memo = await read("peer://of/ann");
  seen.missing = await read("peer://of/nobody");
  const [prompt] = (await client.getPrompt({ name: `${prefix}review`, arguments: { code: "x = 1" } })).messages;
  seen.prompt = [prompt.role, prompt.content.text];
}
if (has("contents") && has("completion")) {
  const complete = async (ref, name) => {
    const { completion } = await client.complete({ ref, argument: { name, value: "v" } });
    return [completion.values, completion.total ?? 0, completion.hasMore ?? false];
  };
  seen.completion = await complete({ type: "ref/prompt", name: `${prefix}review` }, "code");
  seen.templateCompletion = await complete({ type: "ref/resource", uri: "peer://of/{name}" }, "name");
}

if (has("changes")) {
  const before = seen.changes?.length ?? 0;
  await call(`${prefix}grow`);
  seen.isGrown = await until(async () => (await tools()).includes(`${prefix}grown`), 10_000);
  seen.isTold = await wait("changes", before + 1, 5000);
}
if (has("subscriptions")) {
  const uri = "peer://counter";
  const subscription = isModern ? await client.listen({ resourceSubscriptions: [uri] }) : await client.subscribeResource({ uri });
  await call(`${prefix}touch`);
  seen.isUpdated = await wait("updated", 1, 5000);
  await (isModern ? subscription.close() : client.unsubscribeResource({ uri }));
}
if (!isModern) seen.ping = await client.ping().then(() => true, () => false);
await client.close();
console.log(JSON.stringify(seen));
process.exit(0);
