import type { Verification } from './verify.ts';

/** What a verification that found nothing wrong does not prove, for the one at hand; each as a sentence. */
export function limitsOf({ log, witnessed, counts, opened, derived }: Verification): readonly string[] {
  const isAlone = witnessed.by.length === 0 && witnessed.at === null;
  return [
    isAlone
      ? 'Who holds the key of the signer could have made all of it anew, with other records and another time.'
      : 'Who holds the key of the signer could have written what it says: a witness saw that it has stood since.',
    'It shows what was recorded. That servers, models and people told the truth, it does not show.',
    'It ends with the checkpoint. An older copy of the log is as sound: compare sizes where more should be there.',
    ...(log && opened < log.size && (counts.WITHHELD || counts.ERASED)
      ? ['Contents that were erased or are withheld are known by their hashes alone.']
      : []),
    ...(log && derived < log.size
      ? ['Records that were not derived again from a raw history are as whoever sealed them read them.']
      : ['A raw history is as the Temporal that ran the session gave it, and its clock is the one that times are of.']),
    'session.key is not listed. It is the right one where it opens what was sealed.',
  ];
}
