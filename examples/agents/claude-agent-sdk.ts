/**
 * An agent of the Claude Agent SDK whose tools run in a Custody session. It sends its own tool-use ids, which become
 * the call ids.
 */
import { query } from '@anthropic-ai/claude-agent-sdk';

const task = process.argv[2] ?? 'Write a short poem to poem.md.';

for await (const message of query({
  prompt: task,
  options: {
    mcpServers: {
      custody: { command: 'custody', args: ['mcp', '--new', 'session.yaml', '--id', 'desk-1', '--actor', 'agent-sdk'] },
    },
    // Only what goes through the session; the agent's own tools would not be on record.
    allowedTools: ['mcp__custody__*'],
    disallowedTools: ['Bash', 'Write', 'Edit', 'WebFetch'],
  },
})) {
  if (message.type === 'result') console.log('result' in message ? message.result : message.subtype);
}
