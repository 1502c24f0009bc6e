import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may have payloads opened. */
export interface Readers {
  /** The name of the token in a header `Authorization`; undefined for anybody else. */
  nameOf(authorization: string | undefined): string | undefined;
}

/** The name that stands on record for a reader without a token, where such are let in. */
export const NOBODY = 'anybody on this machine';

/** @param tokens by name. @param isOpen lets readers in that show no token at all */
export function readersOf(tokens: ReadonlyMap<string, string>, isOpen: boolean): Readers {
  const known = [...tokens].map(([name, token]) => [name, hashOf(token)] as const);
  return {
    nameOf(authorization) {
      if (authorization === undefined) return isOpen ? NOBODY : undefined;
      const [, given = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      const hash = hashOf(given);
      // Each is compared, so that the time says nothing.
      return known.filter(([, each]) => timingSafeEqual(each, hash))[0]?.[0];
    },
  };
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
