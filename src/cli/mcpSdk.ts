/** What is used of the MCP package: a module of its own, so that the bundle it is loaded from holds no more than that. */
export { McpServer } from '@modelcontextprotocol/server';
export { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
