import { isDigitCode, isLetterCode, isWordCode } from './boundary.js';
import type { EntityDetector } from './types.js';

/** Length of the account number of each country, from the IBAN registry of SWIFT (ISO 13616). A `#` after it: digits only after the country. */
const COUNTRIES = new Map<string, { length: number; digits: boolean }>(
  'AD24 AE23# AL28 AT20# AZ28 BA20# BE16# BG22 BH22 BI27# BR29 BY28 CH21 CR22# CY28 CZ24# DE22# DJ27# DK18# DO28 EE20# EG29# ES24# FI18# FK18 FO18# FR27 GB22 GE22 GI23 GL18# GR27 GT28 HN28 HR21# HU28# IE22 IL23# IQ23 IS26# IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20# LU20 LV21 LY25# MA28# MC27 MD24 ME22# MK19 MN20# MR27# MT31 MU30 NI28 NL18 NO15# OM23 PK24 PL28# PS29 PT25# QA29 RO24 RS22# RU33 SA24 SC31 SD18# SE24# SI19# SK24# SM27 SO23# ST25# SV28 TL23# TN24# TR26 UA29 VA22# VG24 XK20# YE30'
    .split(' ')
    .map((entry) => [entry.slice(0, 2), { length: parseInt(entry.slice(2), 10), digits: entry.endsWith('#') }]),
);

function isSpacing(code: number): boolean {
  return code === 32 || code === 45 || code === 46 || code === 0xa0 || code === 0x202f;
}

/** End of the account number that begins at `start`, or -1; the check digits (mod 97-10, ISO 7064) are computed on the way. */
function accountEnd(text: string, start: number): number {
  const country = COUNTRIES.get(text.slice(start, start + 2).toUpperCase());
  if (country === undefined) return -1;
  let remainder = 0;
  let count = 4;
  let at = start + 4;
  let spaced = false;
  while (count < country.length) {
    let code = text.charCodeAt(at);
    if (!spaced && isSpacing(code)) {
      spaced = true;
      at++;
      continue;
    }
    spaced = false;
    if (isDigitCode(code)) {
      remainder = (remainder * 10 + code - 48) % 97;
    } else {
      if (country.digits || !isLetterCode(code)) return -1;
      code &= ~32;
      remainder = (remainder * 100 + code - 55) % 97;
    }
    count++;
    at++;
  }
  for (let index = 0; index < 4; index++) {
    const code = text.charCodeAt(start + index);
    remainder = isDigitCode(code) ? (remainder * 10 + code - 48) % 97 : (remainder * 100 + (code & ~32) - 55) % 97;
  }
  return remainder === 1 && !isWordCode(text.charCodeAt(at)) ? at : -1;
}

/** International bank account numbers (ISO 13616), plain or in groups. */
export const iban: EntityDetector = {
  entity: 'iban',
  about: 'international bank account number: country, its length and mod 97 (ISO 13616)',
  trigger: 'token',
  pattern: '[A-Za-z]{2}\\d{2}(?:[ \\-.\u00a0\u202f]?[A-Za-z0-9]){11,30}',
  score: 1,
  maxLength: 64,
  locate: (subject, emit) => {
    const { text, accounts } = subject;
    let floor = 0;
    for (const start of accounts) {
      if (start < floor || !subject.opens(start)) continue;
      const end = accountEnd(text, start);
      if (end === -1) continue;
      emit(start, end, 1);
      floor = end;
    }
  },
  positives: [
    'GB82 WEST 1234 5698 7654 32',
    'DE89370400440532013000',
    'gb82west12345698765432',
    'FR14-2004-1010-0505-0001-3M02-606,',
    'IBAN:NO93 8601 1117 947.',
  ],
  negatives: [
    'GB82 WEST 1234 5698 7654 33',
    'DE00370400440532013000',
    'AB12 hello',
    'xDE89370400440532013000',
    'DE893704004405320130001',
  ],
};
