import { afterAll, beforeAll, expect, test } from 'vitest';
import { Custody } from '../../../client/custody.ts';
import { entryOf, type Somebody, somebody } from '../../support/identity/people.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { House } from '../http/house.ts';
import { Desk } from './desk.ts';

let gateway: Somebody;
let house: House;
let [signing, unsigned]: Desk[] = [];
let custody: Custody;
beforeAll(async () => {
  gateway = await somebody('gateway');
  house = await House.open({
    profile: { proof: { start: true } },
    config: { identity: { principals: 'principals.yaml' } },
    files: { 'principals.yaml': { principals: entryOf(gateway, ['agent', 'operator'], { vouches: true }) } },
  });
  const { taskQueue } = house.harness.custody;
  custody = await Custody.connect({
    address: temporalAddress(),
    taskQueue,
    actor: 'gateway',
    key: gateway.file,
    keys: [],
  });
  [signing, unsigned] = [await Desk.before(house, { custody }), await Desk.before(house)];
});
afterAll(async () => {
  await signing?.leave();
  await unsigned?.leave();
  await custody?.close();
  await house?.close();
});

test('A5, G4: what somebody asks over the API is proven, as the gateway vouches for the token', async () => {
  const { id: token, token: key } = await house.token({ role: ['operator'], subject: 'ann', person: 'ann.b' });
  const spec = house.harness.spec();
  const { id } = await signing!.post(key, '/sessions', { spec, reason: 'the weekly run' }, 201);
  await house.harness.until(String(id), ({ state }) => state === 'RUNNING');
  const proof = { person: 'ann.b', roles: ['operator'], key: gateway.id };
  expect(await signing!.get(key, `/sessions/${String(id)}`)).toMatchObject({
    startedBy: { actor: 'ann', standing: 'proven', proof },
  });
  const at = `/sessions/${String(id)}/commands`;
  await unsigned!.post(key, `${at}/pause`);
  expect(await unsigned!.post(key, `${at}/resume`, {}, 403)).toMatchObject({ error: { code: 'PROOF_MISSING' } });
  expect(await signing!.post(key, `${at}/resume`)).toMatchObject({ proof });
  const { entries } = await signing!.get(key, `/sessions/${String(id)}/log?limit=1000`);
  const said = JSON.stringify(entries);
  expect(said).toContain(`by token ${token} of custody`);
  expect(said).not.toContain(key.slice(21));
});
