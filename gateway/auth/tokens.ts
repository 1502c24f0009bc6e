import type { Tokens } from './bearer.ts';

/** API keys by their looks; all else is for the identity providers, where there are any. */
export const tokensOf = (keys: Tokens, issuers: Tokens | undefined): Tokens => ({
  async callerOf(token, now) {
    if (token.startsWith('cst_') || !issuers) return keys.callerOf(token, now);
    return issuers.callerOf(token, now);
  },
});
