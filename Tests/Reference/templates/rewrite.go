package main

import (
	"text/template/parse"
)

// rewriteList sends the value of every printing action through a function of ours, and integers for parameters of kind
// int through another.
func rewriteList(list *parse.ListNode, printer string) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.ActionNode:
			rewritePipe(node.Pipe)
			if len(node.Pipe.Decl) == 0 {
				node.Pipe.Cmds = append(node.Pipe.Cmds, call(node, printer))
			}
		case *parse.IfNode:
			rewriteBranch(&node.BranchNode, printer)
		case *parse.WithNode:
			rewriteBranch(&node.BranchNode, printer)
		case *parse.RangeNode:
			rewriteBranch(&node.BranchNode, printer)
		case *parse.TemplateNode:
			rewritePipe(node.Pipe)
		}
	}
}

func rewriteBranch(branch *parse.BranchNode, printer string) {
	rewritePipe(branch.Pipe)
	if branch.NodeType == parse.NodeRange {
		branch.Pipe.Cmds = append(branch.Pipe.Cmds, call(branch, "__rounds"))
	}
	rewriteList(branch.List, printer)
	rewriteList(branch.ElseList, printer)
}

func identifier(near parse.Node, name string) *parse.IdentifierNode {
	return parse.NewIdentifier(name).SetPos(near.Position())
}

func call(near parse.Node, name string) *parse.CommandNode {
	return &parse.CommandNode{NodeType: parse.NodeCommand, Pos: near.Position(), Args: []parse.Node{identifier(near, name)}}
}

// intParameters says which arguments of a function are Go's int; -1 is every argument.
var intParameters = map[string][]int{
	"repeat": {0}, "until": {0}, "untilStep": {0, 1, 2}, "seq": {-1}, "trunc": {0}, "substr": {0, 1}, "indent": {0},
	"nindent": {0}, "abbrev": {0}, "abbrevboth": {0, 1}, "wrap": {0}, "wrapWith": {0}, "plural": {2}, "splitn": {1},
	"round": {1}, "chunk": {0}, "mustChunk": {0}, "regexFindAll": {2}, "mustRegexFindAll": {2}, "regexSplit": {2},
	"mustRegexSplit": {2}, "randAlpha": {0}, "randAlphaNum": {0}, "randNumeric": {0}, "randAscii": {0}, "randBytes": {0},
	"randInt": {0, 1}, "genCA": {1}, "genSelfSignedCert": {3}, "genSignedCert": {3},
}

func takesInt(name string, index int) bool {
	for _, wanted := range intParameters[name] {
		if wanted == index || wanted == -1 {
			return true
		}
	}
	return false
}

func rewritePipe(pipe *parse.PipeNode) {
	if pipe == nil {
		return
	}
	var commands []*parse.CommandNode
	for position, command := range pipe.Cmds {
		for index, argument := range command.Args {
			if inner, ok := argument.(*parse.PipeNode); ok {
				rewritePipe(inner)
			}
			if chain, ok := argument.(*parse.ChainNode); ok {
				if inner, ok := chain.Node.(*parse.PipeNode); ok {
					rewritePipe(inner)
				}
			}
			name, isCall := command.Args[0].(*parse.IdentifierNode)
			if !isCall || index == 0 || !takesInt(name.Ident, index-1) {
				continue
			}
			switch argument.(type) {
			case *parse.NumberNode, *parse.NilNode, *parse.StringNode, *parse.BoolNode:
			default:
				command.Args[index] = &parse.PipeNode{
					NodeType: parse.NodePipe, Pos: argument.Position(),
					Cmds: []*parse.CommandNode{{
						NodeType: parse.NodeCommand, Pos: argument.Position(),
						Args: []parse.Node{identifier(argument, "__integer"), argument},
					}},
				}
			}
		}
		name, isCall := command.Args[0].(*parse.IdentifierNode)
		if isCall && position > 0 && takesInt(name.Ident, len(command.Args)-1) {
			commands = append(commands, call(command, "__integer"))
		}
		commands = append(commands, command)
	}
	pipe.Cmds = commands
}
