import { afterAll, beforeAll, expect, test } from 'vitest';
import { House, type ServeProcess } from './house.ts';
import { askAt } from './raw.ts';

let house: House;
let gateway: ServeProcess;
beforeAll(async () => {
  house = await House.open();
  gateway = await house.serve();
});
afterAll(() => house?.close());

const statuses = (token: string, ids: readonly string[]): Promise<number[]> =>
  Promise.all(ids.map(async (id) => (await askAt(gateway.url, token, { path: `/mcp/${id}` })).status));

test('G4: a key enters the sessions of its subject, of its labels, or all of them, and of no others', async () => {
  const { custody } = house.harness;
  const [own, theirs] = await Promise.all(
    ['desk-bot', 'other-bot'].map(async (actor) => {
      const { id } = await custody.as(actor).start(house.harness.spec());
      return id;
    }),
  );
  const blue = await house.harness.running({ labels: { team: 'blue' } });
  const ids = [own, theirs, blue] as string[];
  const [agent, operator, labelled, bound] = await Promise.all([
    house.token(),
    house.token({ role: ['agent', 'operator'] }),
    house.token({ label: { team: 'blue' } }),
    house.token({ session: theirs }),
  ]);
  expect(await statuses(agent.token, ids)).toEqual([200, 404, 404]);
  expect(await statuses(operator.token, ids)).toEqual([200, 200, 200]);
  expect(await statuses(labelled.token, ids)).toEqual([404, 404, 200]);
  expect(await statuses(bound.token, ids)).toEqual([404, 200, 404]);
});

test('G4: a session that is forked belongs to whom it belonged', async () => {
  const { custody } = house.harness;
  const issuer = { issuer: 'custody', token: 'k', person: 'desk-bot', roles: ['agent'] } as const;
  // What the spec says of its owner does not count.
  const spec = house.harness.spec({ labels: { principal: 'somebody else' } });
  const parent = await custody.for('desk-bot', issuer).start(spec);
  await house.harness.until(parent.id, ({ state }) => state === 'RUNNING');
  await parent.checkpoint('here');
  const fork = await custody.session(parent.id).fork({ at: 'here' });
  const [agent, other] = await Promise.all([house.token(), house.token({ subject: 'other-bot' })]);
  expect(await statuses(agent.token, [parent.id, fork.id])).toEqual([200, 200]);
  expect(await statuses(other.token, [parent.id, fork.id])).toEqual([404, 404]);
});

test('G4: whoever guesses ids is told to slow down', async () => {
  const { token } = await house.token();
  const answers = await statuses(
    token,
    Array.from({ length: 130 }, (_, n) => `guess-${n}`),
  );
  expect(new Set(answers)).toEqual(new Set([404, 429]));
  const own = await house.harness.custody.as('desk-bot').start(house.harness.spec());
  expect(await statuses(token, [own.id])).toEqual([200]);
});
