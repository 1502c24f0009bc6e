/** How a client is told of a session: by its address and a key, or by a command that it starts. */
export interface Client {
  readonly name: string;
  /** Where the text goes. */
  readonly where: string;
  readonly text: string;
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

/**
 * Ready configuration for clients.
 * @param url of the session, or of `/mcp` for a key that is bound to one
 * @param session for those that start a command
 */
export function clientsOf(url: string, session: string): readonly Client[] {
  const headers = { Authorization: 'Bearer ${CUSTODY_TOKEN}' };
  return [
    {
      name: 'Claude Code',
      where: 'In a shell, where CUSTODY_TOKEN is that key.',
      text: `claude mcp add --transport http custody ${url} --header "Authorization: Bearer $CUSTODY_TOKEN"`,
    },
    {
      name: 'Claude Code, for a project',
      where: 'As .mcp.json in the project; CUSTODY_TOKEN is taken of the environment.',
      text: pretty({ mcpServers: { custody: { type: 'http', url, headers } } }),
    },
    {
      name: 'Claude Desktop',
      where: 'Settings, Developer, Edit Config. It starts a command, so custody has to be on this machine.',
      text: pretty({ mcpServers: { custody: { command: 'custody', args: ['mcp', session] } } }),
    },
    {
      name: 'Claude Agent SDK',
      where: 'In the options of query().',
      text: [
        'mcpServers: {',
        '  custody: {',
        "    type: 'http',",
        `    url: '${url}',`,
        '    headers: { Authorization: `Bearer ${process.env.CUSTODY_TOKEN}` },',
        '  },',
        '},',
      ].join('\n'),
    },
    {
      name: 'AI SDK',
      where: 'With @ai-sdk/mcp.',
      text: [
        'const custody = await createMCPClient({',
        '  transport: {',
        "    type: 'http',",
        `    url: '${url}',`,
        '    headers: { Authorization: `Bearer ${process.env.CUSTODY_TOKEN}` },',
        '  },',
        '});',
      ].join('\n'),
    },
    {
      name: 'MCP Inspector',
      where: 'In a shell, to look at what there is.',
      text:
        `npx @modelcontextprotocol/inspector --cli ${url} --transport http ` +
        '--header "Authorization: Bearer $CUSTODY_TOKEN" --method tools/list',
    },
  ];
}
