import { codeAt, isDigitCode, isWordCode } from './boundary.js';
import { isV4 } from './octets.js';
import type { Subject } from './subject.js';

function isHexCode(code: number): boolean {
  return isDigitCode(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

/** True for an IPv6 address in one of the forms of RFC 4291 section 2.2, from one place to another. Read in place: times and hashes come here often. */
function isV6(units: Uint16Array, start: number, end: number): boolean {
  let dot = start;
  while (dot < end && codeAt(units, dot) !== 46) dot++;
  if (dot === end) return isHexGroups(units, start, end, 0);
  let colon = dot;
  while (colon >= start && codeAt(units, colon) !== 58) colon--;
  if (colon < start || !isV4(units, colon + 1, end)) return false;
  const double = colon > start && codeAt(units, colon - 1) === 58;
  return isHexGroups(units, start, double ? colon + 1 : colon, 2);
}

/** Eight groups of two digits in 23 characters: every third is a colon. */
function isHexPairs(units: Uint16Array, start: number): boolean {
  for (let at = start + 2; at < start + 23; at += 3) if (codeAt(units, at) !== 58) return false;
  return true;
}

/** Three groups of two decimal digits. */
function isClock(units: Uint16Array, start: number, end: number): boolean {
  let digits = 0;
  for (let at = start; at < end; at++) {
    const code = codeAt(units, at);
    if (code === 58) {
      if (digits % 2 === 1) return false;
    } else if (isDigitCode(code)) digits++;
    else return false;
  }
  return digits === 6;
}

/** Groups of hexadecimal digits that make an address together with `tail` groups written as octets. */
function isHexGroups(units: Uint16Array, start: number, end: number, tail: number): boolean {
  let count = tail;
  let gap = false;
  let digit = false;
  for (let at = start; at < end;) {
    if (codeAt(units, at) === 58) {
      // A single colon is read with the group before it.
      if (gap || at + 1 >= end || codeAt(units, at + 1) !== 58) return false;
      gap = true;
      at += 2;
      continue;
    }
    const from = at;
    for (; at < end && isHexCode(codeAt(units, at)); at++) digit ||= isDigitCode(codeAt(units, at));
    if (at === from || at - from > 4) return false;
    count++;
    if (at === end) break;
    if (codeAt(units, at) !== 58) return false;
    if (codeAt(units, at + 1) !== 58 && ++at === end) return false;
  }
  // Eight bytes are a hardware address (EUI-64).
  if (!gap && end - start === 23 && isHexPairs(units, start)) return false;
  // `a::b` is code more often than an address.
  return gap ? count >= 1 && count <= 7 && (count > 3 || digit || tail > 0) : count === 8;
}

/** Where `:8080` begins at the end of what is no address with it; -1 when it ends otherwise. */
function withoutPort(units: Uint16Array, start: number, end: number): number {
  let at = end;
  while (at > start && isDigitCode(codeAt(units, at - 1))) at--;
  const digits = end - at;
  return digits >= 2 && digits <= 5 && codeAt(units, at - 1) === 58 ? at - 1 : -1;
}

const MAX_V6 = 45;
/** With a colon and a port. */
const MAX_WITH_PORT = MAX_V6 + 6;
/** Eight in an address, one behind a word before it, one before a port and one behind it all. */
const MAX_COLONS = 11;

/** Names of interfaces are ASCII (RFC 6874); a letter of another alphabet is of the text around. */
function isZoneCode(code: number): boolean {
  return code < 128 && isWordCode(code);
}

/** IPv6 addresses; a port behind one without brackets is no part of it. */
export function locateV6({ units, colons, colonCount }: Subject, emit: (start: number, end: number) => void): void {
  let floor = 0;
  for (let index = 0; index + 1 < colonCount; index++) {
    const colon = colons[index]!;
    // Two colons at least, the second one at most five characters on.
    if (colon < floor || colons[index + 1]! - colon > 5) continue;
    let start = colon;
    while (start > floor && colon - start < 5 && isHexCode(codeAt(units, start - 1))) start--;
    // `IPv6:2001:db8::1`: the word and its colon are the sentence's.
    if (codeAt(units, colon + 1) !== 58 && (start === colon || isWordCode(codeAt(units, start - 1)))) start = colon + 1;
    let end = colon;
    let seen = 0;
    for (let code = 58; isHexCode(code) || code === 58 || code === 46; code = codeAt(units, end)) {
      if (code === 58) seen++;
      end++;
    }
    floor = end;
    if (seen > MAX_COLONS) continue;
    while (end > start && codeAt(units, end - 1) === 46) end--;
    // A sentence goes on with a colon behind an address.
    if (codeAt(units, end - 1) === 58 && codeAt(units, end - 2) !== 58) end--;
    if (
      end - start > MAX_WITH_PORT ||
      isWordCode(codeAt(units, start - 1)) ||
      codeAt(units, start - 1) === 46 ||
      isWordCode(codeAt(units, end))
    )
      continue;
    // `12:30::45` is a time written wrong.
    if (end - start === 9 && isClock(units, start, end)) continue;
    if (!isV6(units, start, end)) {
      end = withoutPort(units, start, end);
      if (end === -1 || !isV6(units, start, end)) continue;
    }
    if (codeAt(units, end) === 37) {
      let zone = end + 1;
      while (zone - end < 17 && isZoneCode(codeAt(units, zone))) zone++;
      if (zone > end + 1) end = zone;
    }
    emit(start, end);
  }
}
