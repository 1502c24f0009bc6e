import { expect, onTestFinished, test, vi } from 'vitest';
import { send } from '../../../activities/notices/send.ts';
import { Receiver, SECRET } from '../../support/notices/receiver.ts';

// Stands for the Internet, which tests do not reach.
vi.mock('../../../activities/notices/addresses.ts', () => ({ isPublic: (address: string) => address === '127.0.0.1' }));

test.each(['127.0.0.1', 'localhost'])(
  'C3: what is public is reached by the same way as all else, by %s',
  async (host) => {
    const receiver = await Receiver.start();
    onTestFinished(() => receiver.stop());
    const url = receiver.url.replace('127.0.0.1', host);
    const lookup = ((_: string, __: object, done: (error: null, found: object[]) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }])) as never;
    const message = { id: 's/1', type: 'application/json', body: '{"a":1}' };
    expect(await send({ url, secret: SECRET, allowPrivate: false, redact: String }, message, lookup)).toEqual({
      status: 204,
    });
    expect(receiver.received).toMatchObject([{ event: { a: 1 } }]);
  },
);
