import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Desk } from '../gateway/desk.ts';
import { RawClient } from '../gateway/rawClient.ts';
import { failedTasksOf } from '../support/failedTasks.ts';
import { CASES, filled, IS_LONG } from './json.ts';

vi.setConfig({ testTimeout: IS_LONG ? 3_600_000 : 180_000 });

const META =
  '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":' +
  '{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}';

/** Requests; each `@` is any JSON value, `$ID` an id that no other has, and `META` what the revision asks for. */
const REQUESTS = [
  '{"jsonrpc":"2.0","id":@,"method":"ping"}',
  '{"jsonrpc":@,"id":$ID,"method":"ping"}',
  '{"jsonrpc":"2.0","id":$ID,"method":@}',
  '{"jsonrpc":"2.0","id":$ID,"method":"ping","params":@}',
  '{"jsonrpc":"2.0","id":$ID,"method":"ping","params":{"_meta":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"ping","params":{"_meta":{"progressToken":@}}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"ping","more":@}',
  '{"jsonrpc":"2.0","id":$ID,"method":"initialize","params":@}',
  '{"jsonrpc":"2.0","id":$ID,"method":"server/discover","params":{"_meta":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"logging/setLevel","params":{META,"level":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"tools/list","params":{META,"cursor":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"prompts/list","params":{META,"cursor":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"prompts/get","params":{META,"name":@,"arguments":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"resources/read","params":{META,"uri":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"completion/complete","params":{META,"ref":@,"argument":@,"context":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"tools/call","params":{META,"name":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"tools/call","params":{META,"name":"custody_status","arguments":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"tools/call","params":{META,"name":"custody_wait","arguments":{"callId":@}}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"tools/call","params":{META,"name":"append","arguments":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"tools/call","params":{META,"name":"append","arguments":{"text":"a","more":@}}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"tools/call","params":{META,"name":"append","requestState":@}}',
  '{"jsonrpc":"2.0","id":$ID,"method":"tools/call","params":{META,"name":"append","inputResponses":@}}',
];

let desk: Desk;
const clients: RawClient[] = [];
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => {
  for (const client of clients) client.kill();
  await desk?.close();
});

test.each(['2025', '2026'])(
  'G1: generation %s: every request gets one response, whatever it is',
  async (generation) => {
    const id = await desk.session('journal');
    const client = RawClient.start(desk, id);
    clients.push(client);
    const meta = generation === '2026' ? META : '"_meta":{}';
    if (generation === '2025') await client.initialize();
    else await client.ask(`{"jsonrpc":"2.0","id":"hello","method":"tools/list","params":{${META}}}`);
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(filled(REQUESTS), { minLength: 10, maxLength: 10 }), async (requests) => {
        const lines = requests.map((text) => text.replace('META', meta).replace('$ID', () => String((number += 1))));
        await client.ask(...lines);
      }),
      { numRuns: CASES / 20, endOnFailure: true },
    );
    expect(await client.hangUp()).toBe(0);
    expect(await desk.harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
    expect(await failedTasksOf(desk.harness.custody.temporal, id)).toEqual([]);
  },
);
