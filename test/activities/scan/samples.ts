/**
 * Made-up secrets, by the published descriptions of their formats, and lines that look like them. No key stands here
 * in one piece, and none was ever given out: they come from numbers that anybody can draw again.
 */

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
const WORD = LOWER + UPPER + DIGITS;

/** The same numbers for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class Draw {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = numbers(seed);
  }

  below(count: number): number {
    return Math.floor(this.#next() * count);
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }

  text(length: number, of: string = WORD): string {
    return Array.from({ length }, () => of[this.below(of.length)]).join('');
  }
}

const joined = (...parts: readonly string[]): string => parts.join('');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** What a 1Password service account is, as its description has it; of a length after which it ends as that says. */
function account(draw: Draw): string {
  const given = (email: string): string =>
    JSON.stringify({
      email: `${email}@1passwordserviceaccounts.example`,
      muk: { alg: 'A256GCM', ext: true, k: draw.text(43), key_ops: ['encrypt', 'decrypt'], kty: 'oct', kid: 'mp' },
      secretKey: `A3-${draw.text(6, UPPER)}-${draw.text(6, UPPER)}`,
      srpX: draw.text(64, HEX),
      signInAddress: 'example.1password.example',
      userAuth: { method: 'SRPg-4096', alg: 'PBES2g-HS256', iterations: 100000, salt: draw.text(22) },
    });
  const email = draw.text(13, LOWER);
  const length = given(email).length;
  return given(email + 'x'.repeat((4 - (length % 3)) % 3));
}

/** Formats by name; `null`: no rule knows it. */
export const FORMATS: Readonly<Record<string, { readonly rule: string | null; make(draw: Draw): string }>> = {
  'GitHub token': {
    rule: 'github-token',
    make: (draw) => joined('gh', draw.one(['p', 'o', 'u', 's', 'r']), '_', draw.text(36)),
  },
  'GitHub fine-grained token': {
    rule: 'github-token',
    make: (draw) => joined('github', '_pat_', draw.text(22), '_', draw.text(59)),
  },
  'npm token': { rule: 'npm-token', make: (draw) => joined('npm', '_', draw.text(36)) },
  'npm line': {
    rule: 'npm-token',
    make: (draw) => joined('//registry.example/:_auth', 'Token=', draw.text(36, HEX)),
  },
  'Slack token': {
    rule: 'slack-token',
    make: (draw) => joined('xox', draw.one(['b', 'p']), '-', draw.text(12, DIGITS), '-', draw.text(24)),
  },
  'Slack webhook': {
    rule: 'slack-webhook',
    make: (draw) =>
      joined('https://hooks.', 'slack.com/services/T', draw.text(10), '/B', draw.text(10), '/', draw.text(24)),
  },
  'AWS secret key': {
    rule: 'aws-secret-access-key',
    make: (draw) => joined('AWS_SECRET_', 'ACCESS_KEY=', draw.text(40)),
  },
  'Password in a URL': {
    rule: 'password-in-url',
    make: (draw) => joined('https://', draw.text(6, LOWER), ':', draw.text(16), '@git.example.com/a.git'),
  },
  MongoDB: {
    rule: 'password-in-url',
    make: (draw) => joined('mongodb+srv://', draw.text(6, LOWER), ':', draw.text(16), '@cluster.example.net/db'),
  },
  PostgreSQL: {
    rule: 'password-in-url',
    make: (draw) => joined('postgres', 'ql://', draw.text(6, LOWER), ':', draw.text(16), '@db.example.net:5432/app'),
  },
  MySQL: {
    rule: 'password-in-url',
    make: (draw) => joined('mysql', '://', draw.text(6, LOWER), ':', draw.text(16), '@db.example.net:3306/app'),
  },
  'OpenAI key': {
    rule: 'openai-key',
    make: (draw) => joined('sk-', 'proj-', draw.text(74), 'T3Blbk', 'FJ', draw.text(74)),
  },
  'Anthropic key': {
    rule: 'anthropic-api-key',
    make: (draw) => joined('sk-', 'ant-api03-', draw.text(93), 'AA'),
  },
  'Linear key': { rule: 'linear-api-token', make: (draw) => joined('lin_', 'api_', draw.text(40)) },
  'SendGrid key': { rule: 'sendgrid-key', make: (draw) => joined('SG', '.', draw.text(22), '.', draw.text(43)) },
  'Shopify token': { rule: 'shopify-key', make: (draw) => joined('shp', 'at_', draw.text(32, HEX)) },
  '1Password token': {
    rule: '1password-token',
    make: (draw) => joined('ops', '_', Buffer.from(account(draw)).toString('base64')),
  },
  'Private key': {
    rule: 'private-key',
    make: (draw) => {
      const lines = Array.from({ length: 8 }, (_, line) => (line === 0 ? 'MII' : '') + draw.text(line === 0 ? 61 : 64));
      return [joined('-----BEGIN ', 'PRIVATE KEY-----'), ...lines, joined('-----END ', 'PRIVATE KEY-----')].join('\n');
    },
  },
  'Stripe key': {
    rule: 'stripe-key',
    make: (draw) => joined(draw.one(['s', 'r']), 'k_', draw.one(['live', 'test']), '_', draw.text(24)),
  },
  'Google API key': { rule: 'google-api-key', make: (draw) => joined('AI', 'za', draw.text(35)) },
  'GitLab token': { rule: 'gitlab-token', make: (draw) => joined('gl', 'pat-', draw.text(20)) },
  'Hugging Face token': { rule: 'hugging-face-token', make: (draw) => joined('hf', '_', draw.text(34)) },
  'JSON Web Token': {
    rule: 'json-web-token',
    make: (draw) =>
      [base64url('{"alg":"HS256","typ":"JWT"}'), base64url(`{"sub":"${draw.text(12)}"}`), draw.text(43)].join('.'),
  },
  'DigitalOcean token': { rule: null, make: (draw) => joined('dop', '_v1_', draw.text(64, HEX)) },
  'Telegram bot token': { rule: null, make: (draw) => joined(draw.text(10, DIGITS), ':AA', draw.text(33)) },
};

export interface Sample {
  readonly format: string;
  readonly rule: string | null;
  readonly secret: string;
  /** As a server could answer it. */
  readonly value: { readonly [name: string]: unknown };
}

/** Two hundred: eight of each format, bare, in a sentence, in a file, and under a name. */
export function samples(seed = 1): readonly Sample[] {
  const draw = new Draw(seed);
  return Object.entries(FORMATS).flatMap(([format, { rule, make }]) =>
    Array.from({ length: 8 }, (_, index): Sample => {
      const secret = make(draw);
      const text = [secret, `The key is ${secret}\nand it works.`, `HOST=example\nKEY="${secret}"\nPORT=1`][index % 4];
      const value = text === undefined ? { config: { key: secret } } : { content: [{ type: 'text', text }] };
      return { format, rule, secret, value };
    }),
  );
}

/** What looks like a secret, or like personal data, and is none. */
const LOOKALIKES: readonly ((draw: Draw) => string)[] = [
  (draw) => `commit ${draw.text(40, HEX)}`,
  (draw) => `sha256:${draw.text(64, HEX)}`,
  (draw) => `"integrity": "sha512-${draw.text(86)}=="`,
  (draw) => [8, 4, 4, 4, 12].map((length) => draw.text(length, HEX)).join('-'),
  (draw) => `id=${draw.text(26, UPPER + DIGITS)}`,
  (draw) => joined('gh', 'p_', draw.text(20)),
  (draw) => joined('GITHUB_TOKEN=$', '{{ secrets.', draw.text(8, UPPER), ' }}'),
  (draw) => joined('npm', '_config_', draw.text(8, LOWER), '=true'),
  (draw) => joined('//registry.example/:_auth', 'Token=$', '{NPM_TOKEN_', draw.text(3, UPPER), '}'),
  (draw) => joined('xox', 'b-', draw.text(4)),
  (draw) => `https://example.com/${draw.text(8, LOWER)}?token=${draw.text(12, HEX)}`,
  (draw) => `https://${draw.text(6, LOWER)}@example.com:8443/${draw.text(5, LOWER)}`,
  (draw) => `postgresql://db.example.net:5432/${draw.text(6, LOWER)}`,
  (draw) => `mongodb://localhost:27017/${draw.text(6, LOWER)}`,
  (draw) => joined('sk-', draw.text(20)),
  (draw) => joined('sk_', 'live', '_', draw.text(6)),
  (draw) => joined('AI', 'za', draw.text(20)),
  (draw) => joined('SG', '.', draw.text(5), ' Singapore'),
  (draw) => `-----BEGIN PUBLIC KEY-----\n${draw.text(64)}\n-----END PUBLIC KEY-----`,
  (draw) => joined('-----BEGIN ', 'PRIVATE KEY-----', '\n...', draw.text(3), '...\n-----END ', 'PRIVATE KEY-----'),
  (draw) => joined('aws_secret_', 'access_key: <', draw.text(8, LOWER), '>'),
  (draw) => `password: ${'*'.repeat(4 + draw.below(8))}`,
  (draw) => `.${draw.text(8, LOWER)} { color: #${draw.text(6, HEX)}; }`,
  (draw) => `hf_${draw.text(6, LOWER)}_${draw.text(5, LOWER)}(model)`,
  (draw) => `glpat- followed by ${draw.text(20)}`,
  (draw) => joined('gh', 'p_', draw.one(['x', '0', 'A']).repeat(36)),
  (draw) => joined('gh', 'p_', 'YOUR', draw.text(1, UPPER), 'TOKEN'.repeat(7).slice(0, 31)),
  (draw) => `ETag: W/"${draw.text(27)}="`,
  // Personal data.
  (draw) => `order ${draw.text(16, DIGITS)}`,
  (draw) => `0.${draw.text(16, DIGITS)}`,
  (draw) => `2026-0${1 + draw.below(9)}-1${draw.below(10)}T09:30:0${draw.below(10)}.${draw.text(6, DIGITS)}Z`,
  (draw) => `170${draw.text(10, DIGITS)}`,
  (draw) => `192.168.${draw.below(256)}.${draw.below(256)}:${1000 + draw.below(60000)}`,
  (draw) => `import { x } from '@${draw.text(6, LOWER)}/${draw.text(6, LOWER)}';`,
  (draw) => `@${draw.text(8, LOWER)}({ selector: '${draw.text(5, LOWER)}' })`,
  (draw) => `${draw.text(6, LOWER)}@localhost`,
  (draw) => `git@${draw.text(6, LOWER)}:a/b`,
  (draw) => `${draw.one(['DE', 'GB', 'FR'])}${draw.text(2, DIGITS)} ${draw.text(18, DIGITS)}`,
  (draw) => `part no. ${draw.text(3, DIGITS)}-${draw.text(2, DIGITS)}-${draw.text(4, DIGITS)}`,
  (draw) => `+${draw.text(3, DIGITS)}.${draw.text(2, DIGITS)} %, offset +${draw.text(4, DIGITS)}`,
];

/** Two thousand of them. */
export function lookalikes(seed = 2): readonly string[] {
  const draw = new Draw(seed);
  return Array.from({ length: 2000 }, (_, index) => LOOKALIKES[index % LOOKALIKES.length]?.(draw) ?? '');
}
