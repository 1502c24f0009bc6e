import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bearerIn, challengeFor } from '../../../gateway/auth/bearer.ts';
import { digestOfToken, idOfToken, mintToken } from '../../../gateway/auth/token.ts';
import { CustodyError } from '../../../protocol/errors.ts';

test('G4: an API key tells its id, has 256 random bits, and any slip in it is seen without looking it up', () => {
  const { id, token, sha256 } = mintToken();
  expect(token).toMatch(/^cst_[0-9a-f]{16}_[\w-]{48}$/);
  expect(idOfToken(token)).toBe(id);
  expect(digestOfToken(token).toString('hex')).toBe(sha256);
  expect(mintToken().token.slice(21)).not.toBe(token.slice(21));
  fc.assert(
    fc.property(fc.nat({ max: token.length - 1 }), fc.constantFrom(...'aZ09_-. '), (at, letter) => {
      fc.pre(token[at] !== letter);
      expect(idOfToken(token.slice(0, at) + letter + token.slice(at + 1))).toBeUndefined();
    }),
  );
});

test('G4: whatever a header Authorization says, it is a bearer token or a refusal by code', () => {
  fc.assert(
    fc.property(
      fc.option(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `Bearer ${text}`),
        ),
      ),
      (header) => {
        try {
          expect(bearerIn(header)).toMatch(/^\S+$/);
        } catch (error) {
          expect((error as CustodyError).code).toBe(header === null ? 'TOKEN_MISSING' : 'TOKEN_INVALID');
        }
      },
    ),
  );
  expect(bearerIn('bearer  abc ')).toBe('abc');
});

test('G4: a challenge names its kind, the role that is missing and where to log in; without a token no error', () => {
  const of = (code: 'TOKEN_MISSING' | 'TOKEN_INVALID' | 'ROLE_MISSING' | 'RATE_LIMITED') =>
    challengeFor(new CustodyError(code, ''), { metadata: 'https://x/m', scope: 'agent' });
  expect(of('TOKEN_MISSING')).toBe('Bearer scope="agent", resource_metadata="https://x/m"');
  expect(of('TOKEN_INVALID')).toBe('Bearer error="invalid_token", scope="agent", resource_metadata="https://x/m"');
  expect(of('ROLE_MISSING')).toBe('Bearer error="insufficient_scope", scope="agent", resource_metadata="https://x/m"');
  expect(of('RATE_LIMITED')).toBeUndefined();
});
