/**
 * An agent of the Claude Agent SDK whose tools run in the Custody session that a URL and a key lead to. It sends its
 * own tool-use ids, which become the call ids.
 */
import { BUILTIN_TOOL_NAMES, query } from '@anthropic-ai/claude-agent-sdk';

const task = process.argv[2] ?? 'Write a short poem to poem.md.';

for await (const message of query({
  prompt: task,
  options: {
    mcpServers: {
      custody: {
        type: 'http',
        url: 'http://localhost:8080/mcp',
        headers: { Authorization: `Bearer ${process.env.CUSTODY_TOKEN}` },
        alwaysLoad: true,
      },
    },
    allowedTools: ['mcp__custody__*'],
    // None of the agent's own tools, no servers and no settings of other places: nothing of that would be on record.
    tools: [],
    disallowedTools: [...BUILTIN_TOOL_NAMES],
    strictMcpConfig: true,
    settingSources: [],
  },
})) {
  if (message.type === 'result') console.log('result' in message ? message.result : message.subtype);
}
