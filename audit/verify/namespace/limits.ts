import type { NamespaceVerification } from './verify.ts';

/** What a verification of the log of a namespace that found nothing wrong does not prove; each as a sentence. */
export const namespaceLimitsOf = ({ witnessed }: NamespaceVerification): readonly string[] => [
  witnessed.by.length === 0 && witnessed.at === null
    ? 'Who holds the key of the signer and can write to the archive could have made the log anew, without a session.'
    : 'Who holds the key of the signer could have left out what came after a witness saw it last.',
  'Of each session it shows that its log is there and goes on. What is in it, `custody verify` says of its folder.',
  'A session that was never sealed stands in no log.',
];
