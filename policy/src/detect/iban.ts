import { codeAt, isWordCode } from './boundary.js';
import type { EntityDetector } from './types.js';

/** Length of the account number of each country, from the IBAN registry of SWIFT (ISO 13616). A `#` after it: digits only after the country; an `a`: a bank code of letters first. */
const REGISTRY =
  'AD24 AE23# AL28 AT20# AZ28 BA20# BE16# BG22a BH22 BI27# BR29 BY28 CH21 CR22# CY28 CZ24# DE22# DJ27# DK18# DO28 EE20# EG29# ES24# FI18# FK18 FO18# FR27 GB22a GE22 GI23 GL18# GR27 GT28 HN28 HR21# HU28# IE22a IL23# IQ23 IS26# IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20# LU20 LV21a LY25# MA28# MC27 MD24 ME22# MK19 MN20# MR27# MT31a MU30 NI28 NL18a NO15# OM23 PK24 PL28# PS29 PT25# QA29 RO24a RS22# RU33 SA24 SC31 SD18# SE24# SI19# SK24# SM27 SO23# ST25# SV28 TL23# TN24# TR26 UA29 VA22# VG24 XK20# YE30';
const LENGTHS = new Uint8Array(26 * 26);
const DIGITS_ONLY = new Uint8Array(26 * 26);
const LETTERS_FIRST = new Uint8Array(26 * 26);
for (const entry of REGISTRY.split(' ')) {
  const country = countryOf(entry.charCodeAt(0), entry.charCodeAt(1));
  LENGTHS[country] = parseInt(entry.slice(2), 10);
  DIGITS_ONLY[country] = entry.endsWith('#') ? 1 : 0;
  LETTERS_FIRST[country] = entry.endsWith('a') ? 1 : 0;
}

/** Index of two letters, in any case. */
function countryOf(first: number, second: number): number {
  return ((first & ~32) - 65) * 26 + (second & ~32) - 65;
}

const WORD = 'iban';
const UNDERSCORE = 95;

const SPACING = -1;
const OTHER = -2;
/** What an ASCII character counts in the check (ISO 7064): digits themselves, letters 10 to 35 in any case. */
const VALUES = new Int8Array(128).fill(OTHER);
for (let digit = 0; digit < 10; digit++) VALUES[48 + digit] = digit;
for (let letter = 0; letter < 26; letter++) VALUES[65 + letter] = VALUES[97 + letter] = 10 + letter;
for (const separator of ' -.') VALUES[separator.charCodeAt(0)] = SPACING;

function valueOf(code: number): number {
  if (code < 128) return VALUES[code]!;
  return code === 0xa0 || code === 0x202f ? SPACING : OTHER;
}

/** A remainder modulo 97, computed when the number grows large only; one more value then stays below 2^31. */
const LARGE = 20_000_000;

const BRITAIN = countryOf(71, 66);
/** What a widespread generator of test data takes for British: one digit less. */
const SHORT_BRITISH = 21;

/** No account number; and none with one sign less either, because the last two stand together. */
const WRONG = -1;
const WRONG_TOGETHER = -2;

/** End of the account number that begins at `start`, or -1. */
function accountEnd(units: Uint16Array, start: number): number {
  const country = countryOf(units[start]!, units[start + 1]!);
  const length = LENGTHS[country]!;
  if (length === 0) return -1;
  const end = endOf(units, start, country, length);
  if (end >= 0) return end;
  return end === WRONG && country === BRITAIN ? Math.max(-1, endOf(units, start, country, SHORT_BRITISH)) : -1;
}

/** The same for so many signs, or {@link WRONG} or {@link WRONG_TOGETHER}; the check digits (mod 97-10, ISO 7064) are computed on the way. */
function endOf(units: Uint16Array, start: number, country: number, length: number): number {
  // So many signs before the end, the letters of the bank are over.
  const letters = LETTERS_FIRST[country] === 1 ? length - 8 : length;
  const most = DIGITS_ONLY[country] === 1 ? 9 : 35;
  let remainder = 0;
  let together = true;
  let at = start + 4;
  for (let left = length - 4; left > 0; left--, at++) {
    let value = valueOf(units[at]!);
    if (value === SPACING) {
      together = left > 1;
      value = valueOf(codeAt(units, ++at));
    }
    // Two spaces between groups, as in tables.
    if (value === SPACING && codeAt(units, at) === 32 && codeAt(units, at - 1) === 32)
      value = valueOf(codeAt(units, ++at));
    if (value < 0 || value > most || (value < 10 && left > letters)) return WRONG;
    remainder = value < 10 ? remainder * 10 + value : remainder * 100 + value;
    if (remainder >= LARGE) remainder %= 97;
  }
  if (isWordCode(codeAt(units, at))) return together ? WRONG_TOGETHER : WRONG;
  for (let index = start; index < start + 4; index++)
    remainder = (remainder * (index < start + 2 ? 100 : 10) + valueOf(units[index]!)) % 97;
  if (remainder === 1) return at;
  return together ? WRONG_TOGETHER : WRONG;
}

/** True when an account number begins right behind the word `IBAN`, or behind that and an underscore. */
function isLabelled(units: Uint16Array, start: number): boolean {
  const end = codeAt(units, start - 1) === UNDERSCORE ? start - 1 : start;
  for (let index = 0; index < WORD.length; index++)
    if ((codeAt(units, end - WORD.length + index) | 32) !== WORD.charCodeAt(index)) return false;
  return !isWordCode(codeAt(units, end - WORD.length - 1));
}

/** International bank account numbers (ISO 13616), plain or in groups. */
export const iban: EntityDetector = {
  entity: 'iban',
  about: 'international bank account number: country, its length and mod 97 (ISO 13616)',
  trigger: 'token',
  pattern: '[A-Za-z]{2}\\d{2}(?:(?:[ \\-.\u00a0\u202f]|  )?[A-Za-z0-9]){11,30}',
  score: 1,
  maxLength: 94,
  locate: (subject, emit) => {
    const { units, accounts } = subject;
    let floor = 0;
    for (const start of accounts) {
      if (start < floor || !(subject.opens(start) || isLabelled(units, start))) continue;
      const end = accountEnd(units, start);
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
    'DE89  3704  0044  0532  0130  00',
    'IBANDE89370400440532013000',
    'iban_DE89370400440532013000',
    'GB17YMQQ4337358820784',
    'GB95 AQWX 6278 7614 2238 3',
  ],
  negatives: [
    'GB82 WEST 1234 5698 7654 33',
    'GB82 WEST 1234 5698 7654 3',
    'GB17YMQQ4337358820785',
    'DE00370400440532013000',
    'AB12 hello',
    'xDE89370400440532013000',
    'ibexDE89370400440532013000',
    'xIBANDE89370400440532013000',
    'DE893704004405320130001',
  ],
};
