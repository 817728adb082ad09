// Uses muster, and through it a server of the interoperability tests, with the official Go SDK; prints what it saw as one
// JSON object.
//
// usage: client REVISION stdio COMMAND [ARGUMENT...] | client REVISION http|sse URL
//
// Words of LACKS are what the way between it and the server cannot do.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	prefix   = "x_peer_"
	patience = 30 * time.Second
)

type report struct {
	mutex  sync.Mutex
	values map[string]any
	// Told whenever something has arrived.
	news chan struct{}
}

func (r *report) set(key string, value any) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.values[key] = value
}

func (r *report) append(key string, value any) {
	r.mutex.Lock()
	list, _ := r.values[key].([]any)
	r.values[key] = append(list, value)
	r.mutex.Unlock()
	select {
	case r.news <- struct{}{}:
	default:
	}
}

func (r *report) count(key string) int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	list, _ := r.values[key].([]any)
	return len(list)
}

// Whether so many of a kind arrive before patience ends.
func (r *report) wait(key string, count int, limit time.Duration) bool {
	end := time.After(limit)
	for r.count(key) < count {
		select {
		case <-r.news:
		case <-end:
			return false
		}
	}
	return true
}

type client struct {
	*report
	session *mcp.ClientSession
	ctx     context.Context
	lacks   []string
}

func (c *client) has(what string) bool { return !slices.Contains(c.lacks, what) }

func must[T any](value T, err error) T {
	if err != nil {
		log.Panic(err)
	}
	return value
}

func code(err error) any {
	var wire *jsonrpc.Error
	if errors.As(err, &wire) {
		return wire.Code
	}
	return fmt.Sprint(err)
}

func words(result *mcp.CallToolResult) string {
	for _, content := range result.Content {
		if text, ok := content.(*mcp.TextContent); ok {
			return text.Text
		}
	}
	return ""
}

func (c *client) call(name string, arguments map[string]any, meta mcp.Meta) *mcp.CallToolResult {
	return must(c.session.CallTool(c.ctx, &mcp.CallToolParams{Name: name, Arguments: arguments, Meta: meta}))
}

func (c *client) tools() []string {
	names := []string{}
	for tool, err := range c.session.Tools(c.ctx, nil) {
		names = append(names, must(tool, err).Name)
	}
	slices.Sort(names)
	return names
}

// Servers start beside muster's listener.
func (c *client) waitForTool(name string) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if slices.Contains(c.tools(), name) {
			return true
		}
	}
	return false
}

func (c *client) useTools() {
	c.set("tools", c.tools())
	add := c.call(prefix+"add", map[string]any{"a": 40, "b": 2.5}, nil)
	c.set("add", add.StructuredContent)
	c.set("addText", words(add))
	broken := c.call(prefix+"broken", map[string]any{}, nil)
	c.set("broken", []any{broken.IsError, words(broken)})
	wrong, err := c.session.CallTool(c.ctx, &mcp.CallToolParams{Name: prefix + "add", Arguments: map[string]any{"a": "one", "b": 2}})
	c.set("wrong", err != nil || wrong.IsError)
	_, err = c.session.CallTool(c.ctx, &mcp.CallToolParams{Name: "nothing", Arguments: map[string]any{}})
	c.set("unknown", code(err))

	if !c.isModern() && c.has("logging") {
		if err := c.session.SetLoggingLevel(c.ctx, &mcp.SetLoggingLevelParams{Level: "info"}); err != nil {
			log.Panic(err)
		}
	}
	c.set("count", words(c.call(prefix+"count", map[string]any{"to": 3}, mcp.Meta{
		"progressToken": "count", mcp.MetaKeyLogLevel: "info",
	})))
	c.wait("progress", 3, 2*time.Second)
	if c.has("logging") {
		c.wait("log", 3, 2*time.Second)
	}
	if c.has("questions") {
		ask := c.call(prefix+"ask", map[string]any{"what": "web"}, nil)
		c.set("ask", []any{ask.IsError, words(ask)})
	}
}

func (c *client) useWorkflows() {
	answer := c.call("workflow_sum", map[string]any{"a": 1}, mcp.Meta{"progressToken": "workflow"})
	document, _ := answer.StructuredContent.(map[string]any)
	c.set("workflow", document["status"])
	c.wait("workflowProgress", 2, 2*time.Second)
	record := c.call("core_workflow_execution_get", map[string]any{"execution_id": document["execution_id"]}, nil)
	c.set("record", record.StructuredContent.(map[string]any)["status"])
	if c.has("questions") {
		asked := c.call("workflow_release", map[string]any{}, nil)
		c.set("release", asked.StructuredContent.(map[string]any)["status"])
	}
}

func (c *client) cancel() {
	ctx, stop := context.WithCancel(c.ctx)
	time.AfterFunc(200*time.Millisecond, stop)
	_, err := c.session.CallTool(ctx, &mcp.CallToolParams{Name: prefix + "hang", Arguments: map[string]any{}})
	c.set("cancelled", errors.Is(err, context.Canceled))
	count := "0"
	for end := time.Now().Add(5 * time.Second); count == "0" && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		count = words(c.call(prefix+"cancelled", map[string]any{}, nil))
	}
	c.set("cancelledAtServer", count)
}

func (c *client) read(uri string) any {
	result, err := c.session.ReadResource(c.ctx, &mcp.ReadResourceParams{URI: uri})
	if err != nil {
		return code(err)
	}
	content := result.Contents[0]
	return []any{content.URI, content.MIMEType, content.Text}
}

func (c *client) useContents() {
	resources, templates, prompts := []string{}, []string{}, []string{}
	for resource, err := range c.session.Resources(c.ctx, nil) {
		resources = append(resources, must(resource, err).URI)
	}
	for template, err := range c.session.ResourceTemplates(c.ctx, nil) {
		templates = append(templates, must(template, err).URITemplate)
	}
	for prompt, err := range c.session.Prompts(c.ctx, nil) {
		prompts = append(prompts, must(prompt, err).Name)
	}
	c.set("resources", resources)
	c.set("templates", templates)
	c.set("prompts", prompts)
	c.set("note", c.read("peer://note"))
	c.set("memo", c.read("peer://of/ann"))
	c.set("missing", c.read("peer://of/nobody"))
	arguments := map[string]string{"code": "x = 1"}
	prompt := must(c.session.GetPrompt(c.ctx, &mcp.GetPromptParams{Name: prefix + "review", Arguments: arguments})).Messages[0]
	c.set("prompt", []any{prompt.Role, prompt.Content.(*mcp.TextContent).Text})
	if c.has("completion") {
		c.set("completion", c.complete(&mcp.CompleteReference{Type: "ref/prompt", Name: prefix + "review"}, "code"))
		c.set("templateCompletion", c.complete(&mcp.CompleteReference{Type: "ref/resource", URI: "peer://of/{name}"}, "name"))
	}
}

func (c *client) complete(ref *mcp.CompleteReference, argument string) any {
	params := &mcp.CompleteParams{Ref: ref, Argument: mcp.CompleteParamsArgument{Name: argument, Value: "v"}}
	completion := must(c.session.Complete(c.ctx, params)).Completion
	return []any{completion.Values, completion.Total, completion.HasMore}
}

func (c *client) subscribe() {
	uri := "peer://counter"
	if err := c.session.Subscribe(c.ctx, &mcp.SubscribeParams{URI: uri}); err != nil {
		log.Panic(err)
	}
	c.call(prefix+"touch", map[string]any{}, nil)
	c.set("isUpdated", c.wait("updated", 1, 5*time.Second))
	if err := c.session.Unsubscribe(c.ctx, &mcp.UnsubscribeParams{URI: uri}); err != nil {
		log.Panic(err)
	}
}

func (c *client) grow() {
	before := c.count("changes")
	c.call(prefix+"grow", map[string]any{}, nil)
	c.set("isGrown", c.waitForTool(prefix+"grown"))
	c.set("isTold", c.wait("changes", before+1, 5*time.Second))
}

func (c *client) isModern() bool { return c.session.InitializeResult().ProtocolVersion >= "2026-07-28" }

func options(seen *report) *mcp.ClientOptions {
	return &mcp.ClientOptions{
		Capabilities: &mcp.ClientCapabilities{},
		ElicitationHandler: func(_ context.Context, request *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			seen.append("asked", request.Params.Message)
			return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"approved": true}}, nil
		},
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) { seen.append("changes", "tools") },
		ResourceUpdatedHandler: func(_ context.Context, request *mcp.ResourceUpdatedNotificationRequest) {
			seen.append("updated", request.Params.URI)
		},
		LoggingMessageHandler: func(_ context.Context, request *mcp.LoggingMessageRequest) {
			seen.append("log", []any{request.Params.Level, request.Params.Data})
		},
		ProgressNotificationHandler: func(_ context.Context, request *mcp.ProgressNotificationClientRequest) {
			p := request.Params
			key := map[any]string{"count": "progress", "workflow": "workflowProgress"}[p.ProgressToken]
			seen.append(key, []any{p.Progress, p.Total, p.Message})
		},
	}
}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 4 {
		log.Fatal("usage: client REVISION stdio COMMAND [ARGUMENT...] | client REVISION http|sse URL")
	}
	revision, target := os.Args[1], os.Args[3]
	var transport mcp.Transport
	switch os.Args[2] {
	case "stdio":
		command := exec.Command(target, os.Args[4:]...)
		command.Stderr = os.Stderr
		transport = &mcp.CommandTransport{Command: command}
	case "http":
		transport = &mcp.StreamableClientTransport{Endpoint: target}
	case "sse":
		transport = &mcp.SSEClientTransport{Endpoint: target}
	}
	seen := &report{values: map[string]any{}, news: make(chan struct{}, 1)}
	ctx, stop := context.WithTimeout(context.Background(), 2*patience)
	defer stop()
	session := must(mcp.NewClient(&mcp.Implementation{Name: "go-peer", Version: "1"}, options(seen)).
		Connect(ctx, transport, &mcp.ClientSessionOptions{ProtocolVersion: revision}))
	c := &client{report: seen, session: session, ctx: ctx, lacks: strings.Fields(os.Getenv("LACKS"))}
	first := session.InitializeResult()
	c.set("revision", first.ProtocolVersion)
	c.set("server", first.ServerInfo.Name)
	if !c.waitForTool(prefix + "add") {
		log.Panic("the server's tools do not appear")
	}
	c.useTools()
	c.useWorkflows()
	if c.has("cancellation") {
		c.cancel()
	}
	if c.has("contents") {
		c.useContents()
	}
	// In this order: when muster replaces a subscription, the server of the SDK over standard streams forgets the changes of
	// lists that the new one wants as well, as it keeps one subscription to them for each session and drops it with the old one.
	if c.has("changes") {
		c.grow()
	}
	if c.has("subscriptions") {
		c.subscribe()
	}
	if !c.isModern() {
		c.set("ping", session.Ping(ctx, nil) == nil)
	}
	c.set("close", fmt.Sprint(session.Close()))
	seen.mutex.Lock()
	fmt.Println(string(must(json.Marshal(seen.values))))
}
