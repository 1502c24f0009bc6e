import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk } from './desk.ts';

const RULES = `
@id("appends") @approval("2") @says("Appends are looked at by two persons.")
forbid(principal, action == Action::"journal.append", resource);

@id("no-secrets") @says("Secrets are not to be set; ask for a key instead.")
forbid(principal, action == Action::"journal.upsert", resource) when { context.args.key == "secret" };
`;

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ rules: RULES });
});
afterAll(() => desk?.close());

const textOf = (result: object): string => {
  const [item] = (result as { content: { text?: string }[] }).content;
  return item?.text ?? '';
};

describe('P2, P3: an agent behind the gateway', () => {
  test('is told that people are asked, of how many, and until when; then gets the answer, or why not', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2025', [id, '--park-after', '1s']);
    const [bob, cid] = ['bob', 'cid'].map((name) => desk.harness.custody.as(name).session(id));
    const append = (text: string, callId: string) =>
      client.callTool({ name: 'append', arguments: { text }, _meta: { 'io.custody/call-id': callId } });
    const digest = async (approval: string) =>
      (await bob!.approvals.list()).find((each) => each.id === approval)!.digest;
    const wait = (callId: string) => client.callTool({ name: 'custody_wait', arguments: { callId } });

    // A first attempt may still be under way as the client is told to come back.
    const asked = async (callId: string) =>
      expect.poll(async () => textOf(await wait(callId)), { timeout: 30_000 }).toMatch(/needs the approval/);
    await append('x', 'a');
    await asked('a');
    const parked = textOf(await wait('a'));
    expect(parked).toMatch(
      /^CALL_PARKED: The call is accepted and waits: it needs the approval of journal\.append \(a\) by /,
    );
    expect(parked).toMatch(/ by 2 persons, until 20\d\d-.*Z; else it is denied \(.* two persons\.\)\.\nWhat to do: /);
    expect(parked).toMatch(/custody_wait with \{"callId":"a"\}.*do not do it in another way/);
    await bob!.approvals.approve('a1', await digest('a1'));
    const status = await client.callTool({ name: 'custody_status', arguments: {} });
    expect(textOf(status)).toMatch(
      /People are asked for the approval of journal\.append \(a\) by 2 persons, 1 approved/,
    );
    expect(status.structuredContent).toMatchObject({ approvals: [{ callId: 'a', persons: 2, approved: 1 }] });
    await cid!.approvals.approve('a1', await digest('a1'));
    await expect.poll(async () => textOf(await wait('a')), { timeout: 30_000 }).toBe('appended x');

    await append('y', 'b');
    await asked('b');
    await bob!.approvals.reject('a2', { reason: 'ask the customer first' });
    const rejected = await wait('b');
    expect(textOf(rejected)).toMatch(
      /^APPROVAL_REJECTED: bob rejected it: ask the customer first\nWhat to do: A person/,
    );
    expect(rejected._meta).toMatchObject({ 'io.custody/code': 'APPROVAL_REJECTED' });
    expect(desk.harness.phasesOf('y')).toBe('');
  });

  test('hears that a person is waited for while it waits, where it takes progress', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2025', [id]);
    const heard: string[] = [];
    const answer = client.callTool(
      { name: 'append', arguments: { text: 'z' } },
      { onprogress: ({ message }) => heard.push(message ?? ''), timeout: 120_000 },
    );
    await expect
      .poll(() => heard.at(-1), { timeout: 60_000 })
      .toBe('no answer yet; the session is RUNNING, and waits for an approval by a person');
    await desk.harness.custody.as('bob').session(id).approvals.reject('a1', { reason: 'no' });
    expect(textOf(await answer)).toMatch(/^APPROVAL_REJECTED/);
  });

  test('an edited call names the call that is made instead, and custody_wait gives its answer', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2026', [id]);
    const [bob, cid] = ['bob', 'cid'].map((name) => desk.harness.custody.as(name).session(id));
    const call = client.callTool({ name: 'append', arguments: { text: 'all' }, _meta: { 'io.custody/call-id': 'e' } });
    const { approvals } = await desk.harness.until(id, (view) => view.approvals.length > 0);
    await bob!.approvals.approve('a1', approvals[0]!.digest, { args: { text: 'less' }, reason: 'less will do' });
    expect(textOf(await call)).toMatch(
      /^APPROVAL_EDITED: .*the call 'edit\/a1' is made instead: less will do\nWhat to do: /,
    );
    // Two persons must approve the call as it is now.
    const again = await desk.harness.until(id, (view) => view.approvals.some((each) => each.id === 'a2'));
    const waited = client.callTool({ name: 'custody_wait', arguments: { callId: 'edit/a1' } });
    for (const person of [bob, cid]) await person!.approvals.approve('a2', again.approvals[0]!.digest);
    expect(textOf(await waited)).toBe('appended less');
    expect([desk.harness.phasesOf('all'), desk.harness.phasesOf('less')]).toEqual(['', 'begin end']);
  });

  test('a denied call says why in the words of the rule, and names the rule beside the code', async () => {
    const { client } = await desk.connect('2026', [await desk.session('journal')]);
    const denied = await client.callTool({ name: 'upsert', arguments: { key: 'secret', value: 'x' } });
    expect(textOf(denied)).toMatch(
      /^POLICY_DENIED: .*Secrets are not to be set; ask for a key instead\.\nWhat to do: /,
    );
    expect(denied).toMatchObject({
      isError: true,
      _meta: { 'io.custody/code': 'POLICY_DENIED', 'io.custody/rules': ['no-secrets'] },
    });
  });
});
