// Serves the tools, resources and prompts that the interoperability tests know of (Tests/ScenarioTests/Support/Peers.swift),
// with the official Go SDK.
//
// usage: server stdio REVISION | server http|sse REVISION PORT
//
// REVISION is the only one that it speaks; "any" is all that the SDK knows.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const modern = "2026-07-28"

// How many calls of "hang" have been cancelled.
var cancelled atomic.Int64

type none struct{}

func text(words string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: words}}}
}

func addTools(server *mcp.Server) {
	type sides struct {
		A float64 `json:"a"`
		B float64 `json:"b"`
	}
	type sum struct {
		Sum float64 `json:"sum"`
	}
	add := &mcp.Tool{
		Name: "add", Description: "Adds two numbers.",
		Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true},
		InputSchema: &jsonschema.Schema{
			Type: "object", Required: []string{"a", "b"},
			Properties: map[string]*jsonschema.Schema{"a": {Type: "number"}, "b": {Type: "number"}},
		},
	}
	mcp.AddTool(server, add, func(_ context.Context, _ *mcp.CallToolRequest, in sides) (*mcp.CallToolResult, sum, error) {
		return nil, sum{in.A + in.B}, nil
	})
	mcp.AddTool(server, &mcp.Tool{Name: "count", Description: "Counts, and says so."}, count)
	mcp.AddTool(server, &mcp.Tool{Name: "ask", Description: "Asks before it acts."}, ask)
	mcp.AddTool(server, &mcp.Tool{Name: "hang", Description: "Waits until it is cancelled."},
		func(ctx context.Context, _ *mcp.CallToolRequest, _ none) (*mcp.CallToolResult, any, error) {
			<-ctx.Done()
			cancelled.Add(1)
			return nil, nil, ctx.Err()
		})
	mcp.AddTool(server, &mcp.Tool{Name: "cancelled", Description: "How many calls have been cancelled."},
		func(context.Context, *mcp.CallToolRequest, none) (*mcp.CallToolResult, any, error) {
			return text(fmt.Sprint(cancelled.Load())), nil, nil
		})
	mcp.AddTool(server, &mcp.Tool{Name: "broken", Description: "Always fails."},
		func(context.Context, *mcp.CallToolRequest, none) (*mcp.CallToolResult, any, error) {
			return nil, nil, errors.New("the value is bad")
		})
	mcp.AddTool(server, &mcp.Tool{Name: "touch", Description: "Changes the counter."},
		func(ctx context.Context, _ *mcp.CallToolRequest, _ none) (*mcp.CallToolResult, any, error) {
			return text("touched"), nil, server.ResourceUpdated(ctx, &mcp.ResourceUpdatedNotificationParams{URI: "peer://counter"})
		})
	mcp.AddTool(server, &mcp.Tool{Name: "grow", Description: "Adds a tool."},
		func(context.Context, *mcp.CallToolRequest, none) (*mcp.CallToolResult, any, error) {
			mcp.AddTool(server, &mcp.Tool{Name: "grown", Description: "Came later."},
				func(context.Context, *mcp.CallToolRequest, none) (*mcp.CallToolResult, any, error) {
					return text("here"), nil, nil
				})
			return text("grown"), nil, nil
		})
}

func count(ctx context.Context, request *mcp.CallToolRequest, in struct {
	To int `json:"to"`
}) (*mcp.CallToolResult, any, error) {
	for number := 1; number <= in.To; number++ {
		if token := request.Params.GetProgressToken(); token != nil {
			err := request.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
				ProgressToken: token, Progress: float64(number), Total: float64(in.To), Message: fmt.Sprintf("at %d", number),
			})
			if err != nil {
				return nil, nil, err
			}
		}
		message := &mcp.LoggingMessageParams{Level: "info", Data: fmt.Sprintf("counted %d", number)}
		if err := request.Session.Log(ctx, message); err != nil {
			return nil, nil, err
		}
	}
	return text("done"), nil, nil
}

// The SDK asks sessions of older revisions by a request, and calls again with the answer.
func ask(_ context.Context, request *mcp.CallToolRequest, in struct {
	What string `json:"what"`
}) (*mcp.CallToolResult, any, error) {
	if answer, ok := request.Params.InputResponses["approval"].(*mcp.ElicitResult); ok {
		return text(fmt.Sprintf("%s %v", answer.Action, answer.Content["approved"])), nil, nil
	}
	question := &mcp.ElicitParams{
		Mode: "form", Message: fmt.Sprintf("Deploy %s?", in.What),
		RequestedSchema: &jsonschema.Schema{
			Type: "object", Required: []string{"approved"},
			Properties: map[string]*jsonschema.Schema{"approved": {Type: "boolean"}},
		},
	}
	return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"approval": question}}, nil, nil
}

func addContents(server *mcp.Server) {
	read := func(_ context.Context, request *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		uri := request.Params.URI
		words := map[string]string{"peer://note": "a note, größer", "peer://counter": "1"}[uri]
		if name, ok := strings.CutPrefix(uri, "peer://of/"); ok && name != "nobody" {
			words = "memo of " + name
		}
		if words == "" {
			return nil, mcp.ResourceNotFoundError(uri)
		}
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: uri, MIMEType: "text/plain", Text: words}}}, nil
	}
	server.AddResource(&mcp.Resource{URI: "peer://note", Name: "note", MIMEType: "text/plain"}, read)
	server.AddResource(&mcp.Resource{URI: "peer://counter", Name: "counter", MIMEType: "text/plain"}, read)
	server.AddResourceTemplate(&mcp.ResourceTemplate{URITemplate: "peer://of/{name}", Name: "memo", MIMEType: "text/plain"}, read)
	prompt := &mcp.Prompt{Name: "review", Arguments: []*mcp.PromptArgument{{Name: "code", Required: true}}}
	server.AddPrompt(prompt, func(_ context.Context, request *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		words := &mcp.TextContent{Text: "Review this: " + request.Params.Arguments["code"]}
		return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{{Role: "user", Content: words}}}, nil
	})
}

func complete(_ context.Context, request *mcp.CompleteRequest) (*mcp.CompleteResult, error) {
	value := request.Params.Argument.Value
	details := mcp.CompletionResultDetails{Values: []string{value + "-one"}}
	if request.Params.Ref.Type == "ref/prompt" {
		details = mcp.CompletionResultDetails{Values: []string{value + "-one", value + "-two"}, Total: 7, HasMore: true}
	}
	return &mcp.CompleteResult{Completion: details}, nil
}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 3 {
		log.Fatal("usage: server stdio REVISION | server http|sse REVISION PORT")
	}
	transport, revision := os.Args[1], os.Args[2]
	options := &mcp.ServerOptions{
		CompletionHandler:  complete,
		SubscribeHandler:   func(context.Context, *mcp.SubscribeRequest) error { return nil },
		UnsubscribeHandler: func(context.Context, *mcp.UnsubscribeRequest) error { return nil },
	}
	if revision != "any" {
		options.SupportedProtocolVersions = []string{revision}
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "go-peer", Version: "1"}, options)
	addTools(server)
	addContents(server)
	this := func(*http.Request) *mcp.Server { return server }
	var handler http.Handler
	switch transport {
	case "stdio":
		// The end of the input is the usual end.
		_ = server.Run(context.Background(), &mcp.StdioTransport{})
		return
	case "http":
		// The SDK speaks the revision without sessions only where it keeps none at all. Unless told so it goes on with a call
		// whose stream its client has closed, which is how a call is cancelled there.
		handler = mcp.NewStreamableHTTPHandler(this, &mcp.StreamableHTTPOptions{
			Stateless: revision >= modern, PropagateRequestCancellation: true,
		})
	case "sse":
		handler = mcp.NewSSEHandler(this, nil)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	log.Print("listening")
	log.Fatal(http.Serve(listener, handler))
}
