import {
  defaultPayloadConverter,
  type Payload,
  type PayloadCodec,
  type SerializationContext,
} from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientCodec, workerCodec } from '../../keys/codec.ts';
import { newDeploymentKey, parseKey, readingKeyOf } from '../../keys/key.ts';
import { Keyring } from '../../keys/keyring.ts';
import { strictly } from '../../keys/strict.ts';
import { unprovenIn } from '../../protocol/values/unproven.ts';
import { payloadConverter } from '../../workflows/sdk/payloadConverter.ts';

const [A, B] = [newDeploymentKey(), newDeploymentKey()];
const worker = (keys: readonly string[], encrypts = false): PayloadCodec =>
  workerCodec({ keys: Keyring.ofWorker(keys), encrypts });
const client = (keys: readonly string[]): PayloadCodec => clientCodec(Keyring.from(keys));

const activity = (workflowId: string, activityId = '1'): SerializationContext => ({
  type: 'activity',
  namespace: 'default',
  workflowId,
  activityId,
  isLocal: false,
});
const workflow = (workflowId: string, namespace = 'default'): SerializationContext => ({
  type: 'workflow',
  namespace,
  workflowId,
});
const json = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) as Payload;
const encode = async (codec: PayloadCodec, value: unknown, context: SerializationContext): Promise<Payload> =>
  (await codec.encode([json(value)], context))[0]!;
const decode = async (codec: PayloadCodec, payload: Payload, context?: SerializationContext): Promise<unknown> =>
  payloadConverter.fromPayload((await codec.decode([payload], context))[0]!);

const VALUE = { text: 'hello' };
const modes = [
  ['authenticated', false],
  ['encrypted', true],
] as const;

describe.each(modes)('P6, A6: what a worker writes, %s,', (_, encrypts) => {
  const own = worker([A], encrypts);

  test('is the same to a worker with the key, whatever it is, and proven', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.string({ minLength: 1 }), async (value, id) => {
        const read = await decode(own, await encode(own, value, activity(id)), activity(id));
        expect(read).toEqual(JSON.parse(JSON.stringify(value)));
        expect(unprovenIn(read)).toBeUndefined();
      }),
    );
  });

  test.each([
    ['another session', activity('s-2')],
    ['another activity', activity('s-1', '2')],
    ['a message to the session', workflow('s-1')],
    ['another namespace', { ...activity('s-1'), namespace: 'other' } as SerializationContext],
  ])('counts for nothing in %s', async (_place, elsewhere) => {
    const read = await decode(own, await encode(own, VALUE, activity('s-1')), elsewhere);
    expect(unprovenIn(read)?.why).toContain('altered');
  });

  test('counts for nothing once a bit of it is another, and nothing that is read throws', async () => {
    const written = await encode(own, VALUE, activity('s'));
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom('data', ...Object.keys(written.metadata!)), async (bit, part) => {
        const bytes = Uint8Array.from(part === 'data' ? written.data! : written.metadata![part]!);
        const at = bit % (bytes.length * 8);
        bytes[at >> 3]! ^= 1 << (at & 7);
        const altered =
          part === 'data'
            ? { ...written, data: bytes }
            : { ...written, metadata: { ...written.metadata, [part]: bytes } };
        expect(unprovenIn(await decode(own, altered, activity('s')))).toBeDefined();
      }),
    );
  });

  test('counts for nothing where it is cut off, or its parts are those of two payloads', async () => {
    const [one, other] = [await encode(own, VALUE, activity('s')), await encode(own, { text: 'x' }, activity('s'))];
    for (const mixed of [
      { ...one, data: other.data! },
      { ...one, data: one.data!.subarray(0, 10) },
      { ...one, data: new Uint8Array() },
      { ...one, data: null as never },
      { ...one, data: [] as never },
      { metadata: { ...one.metadata, 'custody-mac': [] as never }, data: one.data! },
      { metadata: { ...one.metadata, 'custody-mac': other.metadata!['custody-mac']! }, data: one.data! },
    ])
      expect(unprovenIn(await decode(own, mixed, activity('s')))).toBeDefined();
  });

  test('may be empty, as protobuf has it', async () => {
    const written = await own.encode([{ metadata: {}, data: [] as never }], activity('s'));
    expect((await own.decode(written, activity('s')))[0]!.metadata).not.toHaveProperty('custody-unproven');
  });

  test('is read under two keys while the deployment goes over to another, and written under the first', async () => {
    const [before, both, after] = [worker([A], encrypts), worker([B, A], encrypts), worker([B], encrypts)];
    const context = activity('s');
    const old = await encode(before, VALUE, context);
    expect(unprovenIn(await decode(both, old, context))).toBeUndefined();
    const written = await encode(both, VALUE, context);
    expect(unprovenIn(await decode(after, written, context))).toBeUndefined();
    expect(unprovenIn(await decode(after, old, context))).toMatchObject({ missing: parseKey(A).id });
  });
});

describe('P6: a payload cannot speak for itself', () => {
  const own = worker([A]);

  test('what carries nothing is marked, and a mark that it brings is taken away', async () => {
    const claims = { ...json(VALUE), metadata: { ...json(VALUE).metadata, 'custody-unproven': new Uint8Array() } };
    expect(unprovenIn(await decode(own, claims, activity('s')))).toMatchObject({
      why: expect.stringContaining('carry'),
    });
    expect(unprovenIn(await decode(worker([]), claims, activity('s')))).toBeUndefined();
  });

  test('what a client sealed can be read, and is not taken for what a worker made', async () => {
    const sealed = await encode(client([readingKeyOf(A)]), VALUE, activity('s'));
    const read = await decode(worker([A], true), sealed, activity('s'));
    expect(read).toEqual(VALUE);
    expect(unprovenIn(read)).toBeDefined();
  });

  test('what another run said is taken over where a worker said it, and else fails by code', async () => {
    const strict = strictly(own);
    await expect(strict.decode([json(VALUE)], workflow('s'))).rejects.toMatchObject({ code: 'NOT_AUTHENTICATED' });
    expect(await decode(strict, await encode(own, VALUE, workflow('s')), workflow('s'))).toEqual(VALUE);
  });

  test('what came before the deployment had a key counts until then, and what is forged never does', async () => {
    const until = Date.now() + 60_000;
    const lenient = workerCodec({ keys: Keyring.ofWorker([A]), encrypts: false, until });
    expect(unprovenIn(await decode(lenient, json(VALUE), activity('s')))).toMatchObject({ until });
    const forged = await encode(worker([B]), VALUE, activity('s'));
    expect(unprovenIn(await decode(lenient, forged, activity('s')))).not.toHaveProperty('until');
  });
});

describe('A6: what is encrypted', () => {
  const written = (): Promise<Payload> => encode(worker([A], true), { secret: 'in clear nowhere' }, workflow('s'));

  test('shows nothing of itself, not even whose it is', async () => {
    const { metadata, data } = await written();
    const bytes = Buffer.concat([...Object.values(metadata!), data!]).toString('latin1');
    for (const text of ['secret', 'in clear nowhere', 'json/plain']) expect(bytes).not.toContain(text);
  });

  test('is opened by a client with the reading key; one without is told which it lacks', async () => {
    const payload = await written();
    expect(await decode(client([readingKeyOf(A)]), payload, workflow('s'))).toEqual({ secret: 'in clear nowhere' });
    await expect(decode(client([]), payload, workflow('s'))).rejects.toMatchObject({
      code: 'KEY_MISSING',
      message: expect.stringContaining(parseKey(A).id),
    });
    await expect(decode(client([A]), payload, workflow('other'))).rejects.toMatchObject({ code: 'NOT_AUTHENTICATED' });
  });

  test('is never the same twice', async () => {
    expect((await written()).data).not.toEqual((await written()).data);
  });
});
