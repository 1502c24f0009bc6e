#!/usr/bin/env node
/**
 * An MCP server that answers each method with the text that it is given, byte for byte, and others as is good.
 *
 *   node raw.mjs [--results '{"initialize":"<JSON text of a result>", …}'] [--starts FILE] [--calls FILE] [--storm yes]
 *   [--http PORT]
 *
 * `$LISTINGS` in a text stands for how often the tools were listed. Each start writes a line to `--starts`, and
 * each call of a tool one to `--calls`, as it came. With `--storm yes` it says without pause that its tools changed.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { announce, readOptions } from './options.mjs';

const options = readOptions({ results: '{}', starts: '', calls: '', storm: '', http: '' });
if (options.starts !== '') appendFileSync(options.starts, `${process.pid}\n`);

const GOOD = {
  initialize:
    '{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{}},' +
    '"serverInfo":{"name":"raw","version":"1"}}',
  'tools/list': '{"tools":[{"name":"poke","inputSchema":{"type":"object"}}]}',
  'tools/call': '{"content":[{"type":"text","text":"poked"}]}',
  'prompts/list': '{"prompts":[]}',
  'resources/list': '{"resources":[]}',
  'resources/templates/list': '{"resourceTemplates":[]}',
  'resources/read': '{"contents":[]}',
  ping: '{}',
};
/** @type {Record<string, string>} */
const results = { ...GOOD, ...JSON.parse(options.results) };

let listings = 0;

/** @param {string} line @returns {string | undefined} */
function answer(line) {
  const { id, method } = JSON.parse(line);
  if (id === undefined || method === undefined) return undefined;
  if (method === 'tools/list') listings += 1;
  if (method === 'tools/call' && options.calls !== '') appendFileSync(options.calls, `${line}\n`);
  const result = results[method]?.replace('$LISTINGS', String(listings));
  const said = result === undefined ? '"error":{"code":-32601,"message":"Method not found"}' : `"result":${result}`;
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},${said}}`;
}

if (options.http === '') {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const said = answer(line);
    if (said !== undefined) process.stdout.write(`${said}\n`);
  });
  process.stdin.on('end', () => process.exit(0));
  const change = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n'.repeat(100);
  const storm = () => void process.stdout.write(change, () => setImmediate(storm));
  if (options.storm !== '') storm();
} else {
  announce(
    createServer(async (request, response) => {
      if (request.method !== 'POST') return void response.writeHead(405).end();
      const said = answer(await text(request));
      if (said === undefined) return void response.writeHead(202).end();
      response.writeHead(200, { 'content-type': 'application/json' }).end(said);
    }),
    Number(options.http),
  );
}
