import { byPattern, type ScanRule } from './rules.ts';

/** Tokens with a prefix of their own that secretlint's recommended rules do not know. */
export const TOKENS: readonly ScanRule[] = [
  // Secretlint finds it too, and says of too little of it that it is one.
  byPattern(
    'secrets',
    'aws-secret-access-key',
    /(?<=secret_?access_?key["']?\s{0,20}(?::|=>|=)\s{0,20}["']?)[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])/gi,
  ),
  byPattern('secrets', 'npm-token', /(?<=:_authToken=)[\w.~+/=-]{16,300}/g),
  byPattern('secrets', 'stripe-key', /(?<![A-Za-z0-9])[sr]k_(?:live|test)_[A-Za-z0-9]{16,247}(?![A-Za-z0-9])/g),
  byPattern('secrets', 'google-api-key', /(?<![\w-])AIza[\w-]{35}(?![\w-])/g),
  byPattern('secrets', 'gitlab-token', /(?<![\w-])glpat-[\w-]{20,64}(?![\w-])/g),
  byPattern('secrets', 'hugging-face-token', /(?<!\w)hf_[A-Za-z0-9]{34}(?!\w)/g),
  byPattern('secrets', 'json-web-token', /(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{20,1000}(?![\w-])/g),
];
