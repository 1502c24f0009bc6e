/** Results that are JSON, and hard to keep; one for each call of `poke` in turn. */
export const NASTY_RESULTS = [
  String.raw`{"content":[{"type":"text","text":"lone \ud800 and \udc00, \\ud800 spelt ` +
    String.raw`out"}],"structuredContent":{"\udfff":"\ud83d"}}`,
  `{"content":[],"structuredContent":{"deep":${'['.repeat(100)}${']'.repeat(100)}}}`,
  `{"content":[],"structuredContent":{"deep":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}}}`,
  '{"content":[{"type":"text","text":"x","__proto__":{"isAdmin":true}}],' +
    '"structuredContent":{"__proto__":{"polluted":1},' +
    '"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":null},' +
    '"__proto__":{"isError":true}}',
  `{"content":[{"type":"text","text":"${'\\u0000\\u001b[2J\\u202e\\u2028'.repeat(500)}"}]}`,
  `{"content":[{"type":"text","text":"${'\u{1F600}'.repeat(500_000)}"}]}`,
  `{"content":[],"structuredContent":{"huge":1e999,"tiny":-1e-999,"long":${'9'.repeat(5000)}}}`,
  `{"content":[],"structuredContent":{${Array.from({ length: 20_000 }, (_, n) => `"key ${n}":${n}`).join(',')}}}`,
  '{"content":[],"structuredContent":' +
    '{"audit":[{"n":1}],"custody/undecodable":"no","carried":{},"truncated":{"bytes":1}}}',
];
