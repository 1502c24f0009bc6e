#!/usr/bin/env node
/** A small MCP server over stdio to try Custody with: notes, as text files in the folder that it is given. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const folder = resolve(process.argv[2] ?? 'notes');
const name = z.string().regex(/^[\w-]{1,64}$/, 'letters, digits, _ and -');
const fileOf = (/** @type {string} */ note) => join(folder, `${note}.txt`);

/** What a tool answers; a note that is not there is an error of the tool, not of the server. */
const answer = (/** @type {Promise<string>} */ work) =>
  work.then(
    (text) => ({ content: [{ type: /** @type {const} */ ('text'), text }] }),
    (error) => ({
      isError: true,
      content: [
        {
          type: /** @type {const} */ ('text'),
          text: error.code === 'ENOENT' ? 'There is no note of this name.' : String(error),
        },
      ],
    }),
  );

serveStdio(() => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  server.registerTool('list_notes', { description: 'Lists the names of all notes.' }, () =>
    answer(readdir(folder).then((files) => files.map((file) => file.replace(/\.txt$/, '')).join('\n'))),
  );
  server.registerTool(
    'read_note',
    { description: 'Reads a note.', inputSchema: z.object({ name }) },
    ({ name: note }) => answer(readFile(fileOf(note), 'utf8')),
  );
  server.registerTool(
    'write_note',
    { description: 'Writes a note, over one of the same name.', inputSchema: z.object({ name, text: z.string() }) },
    ({ name: note, text }) => answer(writeFile(fileOf(note), text).then(() => `Wrote ${note}.`)),
  );
  server.registerTool(
    'delete_note',
    { description: 'Deletes a note.', inputSchema: z.object({ name }) },
    ({ name: note }) => answer(rm(fileOf(note)).then(() => `Deleted ${note}.`)),
  );
  return server;
});

await mkdir(folder, { recursive: true });
// A stdio server goes when its client does.
process.stdin.on('end', () => process.exit(0));
