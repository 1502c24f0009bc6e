import { CustodyError } from '../../protocol/errors.ts';
import type { Tokens } from './bearer.ts';
import type { FreshKey } from './freshKey.ts';

/** Where API keys are: in a file, and one in this process. */
export interface Keys {
  readonly file: Tokens | undefined;
  readonly fresh?: FreshKey | undefined;
}

/** API keys by their looks; all else is for the identity providers, where there are any. */
export const tokensOf = ({ file, fresh }: Keys, issuers: Tokens | undefined): Tokens => ({
  async callerOf(token, now) {
    if (!token.startsWith('cst_') && issuers) return issuers.callerOf(token, now);
    if (fresh?.is(token)) return fresh.callerOf(token);
    if (file) return file.callerOf(token, now);
    throw new CustodyError('TOKEN_INVALID', 'There is no such API key.');
  },
});
