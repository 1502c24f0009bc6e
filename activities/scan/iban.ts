import type { ScanRule, Span } from './rules.ts';

/** Characters of an IBAN by country, as its registry has them. */
const LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 ' +
    'LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 ' +
    'QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const START = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}/g;

/** International bank account numbers: the length of their country, and their check digits (mod 97). */
export const IBAN: ScanRule = {
  what: 'iban',
  name: 'iban',
  find: (text) =>
    [...text.matchAll(START)].flatMap(({ index, 0: head }): readonly Span[] => {
      const end = endOf(text, index, LENGTHS.get(head.slice(0, 2)) ?? 0);
      return end !== undefined && isIban(text.slice(index, end).replaceAll(' ', '')) ? [{ start: index, end }] : [];
    }),
};

/** Where so many letters and digits end, with single spaces between some of them. */
function endOf(text: string, start: number, length: number): number | undefined {
  let at = start;
  for (let count = 0; count < length; count += 1) {
    if (count > 0 && text[at] === ' ') at += 1;
    if (!/[A-Z0-9]/.test(text[at] ?? '')) return undefined;
    at += 1;
  }
  return length === 0 || /[A-Za-z0-9]/.test(text[at] ?? '') ? undefined : at;
}

function isIban(iban: string): boolean {
  let rest = 0;
  for (const each of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(each, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
