import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryOf, type Somebody, somebody } from '../../support/identity/people.ts';
import { House, type ServeProcess } from './house.ts';

let house: House;
let gateway: Somebody;
let signing: ServeProcess;
let unsigned: ServeProcess;
beforeAll(async () => {
  gateway = await somebody('gateway');
  house = await House.open({
    profile: { proof: { attach: true, checkpoint: true } },
    config: { identity: { principals: 'principals.yaml' } },
    files: { 'principals.yaml': { principals: entryOf(gateway, ['agent', 'operator'], { vouches: true }) } },
  });
  signing = await house.serve('--actor', 'gateway', '--key', gateway.file);
  unsigned = await house.serve();
});
afterAll(() => house?.close());

test('A5, G4: whoever comes by token stands on record as proven, once, as the gateway vouches for it', async () => {
  const id = await house.harness.running();
  const { id: key, token } = await house.token({ session: id, person: 'desk' });
  const second = await house.serve('--actor', 'gateway', '--key', gateway.file);
  for (const { url } of [signing, second]) {
    const client = await house.connect(`${url}/mcp`, token, '2026');
    await client.listTools();
    await client.callTool({ name: 'custody_checkpoint', arguments: { name: `by-${new URL(url).port}` } });
  }
  const entries = [];
  for await (const entry of house.harness.custody.session(id).watch({ follow: false })) entries.push(entry);
  const attached = entries.filter(({ kind }) => kind === 'attached');
  expect(attached).toHaveLength(1);
  const proof = { person: 'desk', roles: ['agent'], key: gateway.id };
  expect(attached[0]).toMatchObject({ by: 'desk-bot', standing: 'proven', proof });
  expect(entries.filter(({ kind }) => kind === 'checkpoint')).toMatchObject([{ proof }, { proof }]);
  const [first] = entries.filter(({ kind }) => kind === 'proof');
  expect(first).toMatchObject({ by: 'desk-bot' });
  expect(first?.text).toContain(`key ${gateway.id}, whose holder vouches for it by token ${key} of custody: desk`);
  expect(JSON.stringify(entries)).not.toContain(token.slice(21));
});

test('G4: a session that wants to know who calls lets nobody in by a gateway that cannot say', async () => {
  const id = await house.harness.running();
  const { token } = await house.token({ session: id });
  await expect(
    house.connect(`${unsigned.url}/mcp`, token, '2026').then((client) => client.listTools()),
  ).rejects.toThrow('PROOF_MISSING');
  const client = await house.connect(`${signing.url}/mcp`, token, '2026');
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('append');
});
