import { checkDocument } from '../document/check-document.ts';
import { readFileDocument } from '../document/file.ts';
import { located, problemsError } from '../document/problems.ts';
import { type TokensFile, tokensSchema } from './tokens.ts';

/**
 * The API keys in a file that `custody token` writes.
 * @throws CustodyError TOKENS_INVALID with every problem, its line and column
 */
export async function loadTokens(path: string): Promise<TokensFile> {
  const document = await readFileDocument(path);
  const checked = checkDocument(document, tokensSchema);
  if (checked.problems) throw problemsError('TOKENS_INVALID', located(document, checked.problems));
  return checked.value;
}
