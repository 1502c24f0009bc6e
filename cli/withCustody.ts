import type { Custody } from '../client/custody.ts';
import type { Globals } from './program.ts';

/** Connects as the options say, does something and disconnects. The SDK is loaded here, not when the program starts. */
export async function withCustody<T>(
  { address, namespace, profile, taskQueue, store, actor, key }: Globals,
  use: (custody: Custody) => Promise<T>,
): Promise<T> {
  const { Custody } = await import('../client/custody.ts');
  const custody = await Custody.connect({ address, namespace, profile, taskQueue, store, actor, key });
  try {
    return await use(custody);
  } finally {
    await custody.close();
  }
}
