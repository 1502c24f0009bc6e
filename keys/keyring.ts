import { CustodyError } from '../protocol/errors.ts';
import { type Key, parseKey } from './key.ts';

/** The keys of a process: the first one writes, all of them read, so that a deployment goes over to another. */
export class Keyring {
  readonly #keys: ReadonlyMap<string, Key>;
  readonly first: Key | undefined;

  /** @param keys without doubles; none where the process has no key */
  constructor(keys: readonly Key[]) {
    this.#keys = new Map(keys.map((key) => [key.id, key]));
    this.first = keys[0];
  }

  /** @throws CustodyError KEY_INVALID */
  static from(texts: readonly string[]): Keyring {
    return new Keyring(texts.map(parseKey));
  }

  /** The keys of a worker, which has to authenticate what it makes. @throws CustodyError KEY_INVALID */
  static ofWorker(texts: readonly string[]): Keyring {
    const ring = Keyring.from(texts);
    if (ring.first !== undefined && ring.first.authentication === undefined)
      throw new CustodyError(
        'KEY_INVALID',
        `Key ${ring.first.id} is a reading key, and a worker needs the deployment's.`,
      );
    return ring;
  }

  get ids(): readonly string[] {
    return [...this.#keys.keys()];
  }

  get(id: string): Key | undefined {
    return this.#keys.get(id);
  }
}
