const lowerHex = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

/**
 * The texts by which a server may repeat a secret: as it is, as JSON escapes it, URL-encoded, and in base64, also in
 * the midst of other text, as in the `user:password` of Basic.
 */
export function spellingsOf(secret: string): ReadonlySet<string> {
  const encoded = [encodeURIComponent(secret.toWellFormed()), new URLSearchParams({ '': secret }).toString().slice(1)];
  return new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    ...encoded,
    ...encoded.map(lowerHex),
    ...(['base64', 'base64url'] as const).flatMap((alphabet) => [
      Buffer.from(secret).toString(alphabet),
      ...[0, 1, 2].map((before) => core(secret, before, alphabet)),
    ]),
  ]);
}

/** The characters of base64 that nothing but the secret decides, with so many bytes before it in its group of three. */
function core(secret: string, before: number, alphabet: 'base64' | 'base64url'): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  return bytes.toString(alphabet).slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}
