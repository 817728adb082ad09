import MCPTransports
@main struct Main { static func main() {} }
