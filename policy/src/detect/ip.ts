import { codeAt, isDigitCode, isLetterCode, isWordCode } from './boundary.js';
import { ContextWords } from './context-words.js';
import { locateV6 } from './ipv6.js';
import { octet } from './octets.js';
import type { EntityDetector, Emit } from './types.js';
import type { Subject } from './subject.js';

/** Four numbers behind one of these are a version or a number of a section. */
const VERSIONS = new ContextWords([
  'version*',
  'ver',
  'v',
  'release*',
  'build',
  'firmware',
  'oid',
  'section',
  'sec',
  'chapter',
  'clause',
  'kernel',
  'rv',
  'node',
  'nodejs',
  'npm',
  'runs',
  'tag',
  'driver',
  'patch',
  'upgrade',
  'upgraded',
  'downgrade',
  'assemblyversion',
  'fileversion',
  'versión',
  'versione',
  'wersja',
  'python',
  'java',
  'php',
  'mysql',
  'postgresql',
  'openssl',
  'chrome',
  'firefox',
  'nginx',
  'versie',
  'sdk',
  'jdk',
  'api',
  'phase',
  'updated',
  'upgrading',
  'downgraded',
  'compatible',
  'requires',
  'supports',
  'revision',
  'hotfix',
]);
const VERSION_DISTANCE = 8;
/** Words for what has an address. */
const ADDRESS_WORDS = [
  'ip',
  'ips',
  'ipv*',
  'addr*',
  'address*',
  'host*',
  'src',
  'dst',
  'source',
  'server',
  'client',
  'peer',
  'remote',
];
const ADDRESSES = new ContextWords(ADDRESS_WORDS);
/** Words before four single digits that make them an address; versions are written so much more often. */
const SAYS_ADDRESS = new ContextWords([
  ...ADDRESS_WORDS,
  'from',
  'by',
  'to',
  'ping',
  'dns',
  'resolver',
  'nameserver',
  'gateway',
  'proxy',
  'router',
  'connect*',
  'login',
  'block*',
  'subnet',
  'network',
  'adresse',
  'dirección',
  'indirizzo',
  'adres',
]);
const SAYS_REACH = 24;
/** Resolvers that are known by addresses of four single digits, beside those of one digit four times. */
const RESOLVERS = new Uint8Array(10_000);
for (const digits of [8844, 1001, 4221, 4222, 4223, 4224]) RESOLVERS[digits] = 1;
const SINGLE_DIGITS = 7;
/** Words somewhere before `name@1.2.3.4` and `name:1.2.3.4` that make it a package and not a user or a host. */
const PACKAGES = new ContextWords([
  'install',
  'npm',
  'npx',
  'yarn',
  'pnpm',
  'pip',
  'gem',
  'cargo',
  'nuget',
  'docker',
  'podman',
  'image',
  'package*',
  'dependenc*',
]);
const PACKAGE_DISTANCE = 40;
/** Between two versions: `from 1.2.3.4 to 1.2.3.5`, and behind one. */
const LIST = /^(?: ?(?:to|and|or|und|et|y|->|\u2192|\/|,|-) ?)$/;
const MAX_LIST = 8;
const KINDS = / (?:release|version|beta|alpha|hotfix|firmware)\b/iy;
const SCORE = 0.7;
const SPACE = 32;
const COLON = 58;
const EQUALS = 61;
const DASH = 45;
const SLASH = 47;
const TILDE = 126;
/** Signs before a version or the number of a section: `~`, `^`, `§`. */
const MARKS: ReadonlySet<number> = new Set([TILDE, 94, 0xa7]);
/** `>`, `<`, `~` and `!` before `=`. */
const COMPARED: ReadonlySet<number> = new Set([62, 60, TILDE, 33]);
const AT = 64;

/** IPv4 in dotted decimal form: a group of four numbers joined by single dots, that is no part of a longer chain. */
function locateV4(subject: Subject, emit: Emit): void {
  const { clusters } = subject;
  let version = -1;
  for (let cluster = 0; cluster + 1 < clusters.length; cluster++)
    version = locateChains(subject, clusters[cluster]!, clusters[cluster + 1]!, version, emit);
}

/** Those of one cluster. @param version End of the last version; -1 when there is none. @returns the same behind the cluster. */
function locateChains(subject: Subject, from: number, to: number, version: number, emit: Emit): number {
  const { units, groupStart, groupEnd } = subject;
  let first = from;
  for (let group = from; group < to; group++) {
    const dotted =
      group + 1 < to && groupStart[group + 1]! - groupEnd[group]! === 1 && codeAt(units, groupEnd[group]!) === 46;
    if (dotted) continue;
    if (group - first === 3 && areOctets(subject, first, group)) {
      const start = groupStart[first]!;
      const end = groupEnd[group]!;
      // `1.3.0.1-rc` is a version.
      const tail = codeAt(units, end) === 45 && isNameCode(codeAt(units, end + 1));
      if (opensV4(units, start) && !tail && !isWordCode(codeAt(units, end))) {
        // The network 0 has no hosts; only `0.0.0.0` stands for all addresses.
        const single = end - start === SINGLE_DIGITS;
        const nowhere = codeAt(units, start) === 48 && !(single && isOneDigit(units, start));
        if (nowhere || (single && !isKnown(subject, start, end)) || isVersion(subject, start, end, version))
          version = end;
        else emit(start, end, SCORE);
      }
    }
    first = group + 1;
  }
  return version;
}

function areOctets({ units, groupStart, groupEnd }: Subject, first: number, last: number): boolean {
  for (let group = first; group <= last; group++) if (!octet(units, groupStart[group]!, groupEnd[group]!)) return false;
  return true;
}

/** True for four single digits that are an address: a resolver, one in a word's reach, one with a port, a prefix or a scheme. */
function isKnown(subject: Subject, start: number, end: number): boolean {
  const { units } = subject;
  const after = codeAt(units, end);
  if (codeAt(units, start - 1) === SLASH || isOneDigit(units, start)) return true;
  const digits = units[start]! * 1000 + units[start + 2]! * 100 + units[start + 4]! * 10 + units[start + 6]! - 53_328;
  if (RESOLVERS[digits] === 1) return true;
  if ((after === COLON || after === SLASH) && isDigitCode(codeAt(units, end + 1))) return true;
  return SAYS_ADDRESS.before(subject.near(start), SAYS_REACH) !== Infinity;
}

/** True for four numbers that are a version by what stands around them. `last`: end of the version before, -1 when there is none. */
function isVersion(subject: Subject, start: number, end: number, last: number): boolean {
  const { text, units } = subject;
  if (last !== -1 && start - last <= MAX_LIST && LIST.test(text.slice(last, start))) return true;
  const near = subject.near(start);
  if (VERSIONS.before(near, VERSION_DISTANCE) !== Infinity) return true;
  const before = codeAt(units, start - 1);
  // `name==1.2.3.4`; `ip.addr==10.0.0.1` is a filter for packets.
  if (before === EQUALS && codeAt(units, start - 2) === EQUALS)
    return isNameCode(codeAt(units, start - 3)) && ADDRESSES.before(near, 2) === Infinity;
  // `foo >= 1.2.3.4`
  const sign = before === SPACE ? codeAt(units, start - 2) : before;
  const compared = sign === EQUALS && COMPARED.has(codeAt(units, start - (before === SPACE ? 3 : 2)));
  if ((compared || MARKS.has(sign)) && ADDRESSES.before(near, 8) === Infinity) return true;
  // `commons-io-1.2.3.4.jar`
  if (before === DASH && isNameCode(codeAt(units, start - 2))) return ADDRESSES.before(near, 2) === Infinity;
  if ((before === AT || before === COLON) && isNameCode(codeAt(units, start - 2)))
    return PACKAGES.before(near, PACKAGE_DISTANCE) !== Infinity;
  if (codeAt(units, end) !== SPACE) return false;
  KINDS.lastIndex = end;
  return KINDS.test(text);
}

/** True for one digit four times. */
function isOneDigit(units: Uint16Array, start: number): boolean {
  const digit = codeAt(units, start);
  return digit === codeAt(units, start + 2) && digit === codeAt(units, start + 4) && digit === codeAt(units, start + 6);
}

function opensV4(units: Uint16Array, start: number): boolean {
  const code = codeAt(units, start - 1);
  if (isWordCode(code) || code === 46 || (code === 58 && codeAt(units, start - 2) === 58)) return false;
  // `Chrome/120.0.6099.109` is a version, `http://10.0.0.1` and `10.0.0.1/10.0.0.2` are not.
  return code !== 47 || !isNameCode(codeAt(units, start - 2));
}

/** Letters of ASCII and the underscore. */
function isNameCode(code: number): boolean {
  return isLetterCode(code) || code === 95;
}

/** IPv4 addresses in dotted decimal form, and IPv6 addresses in every form of RFC 4291, with zone (RFC 4007). */
export const ip: EntityDetector = {
  entity: 'ip',
  about:
    'IPv4 and IPv6 address (RFC 4291), with zone; not behind words like `version`, four single digits behind a word for an address or as a known resolver only',
  trigger: 'number',
  pattern: '\\d{1,3}(?:\\.\\d{1,3}){3,15}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f.]{0,15}){2,9}(?:%\\w{1,16})?',
  score: SCORE,
  maxLength: 64,
  locate: (subject, emit) => {
    locateV4(subject, emit);
    if (subject.colonCount > 1) locateV6(subject, (start, end) => emit(start, end, SCORE));
  },
  positives: [
    'from 10.0.0.1',
    '2001:db8::8a2e:370:7334',
    'host 192.168.1.254,',
    'http://10.1.2.3:8080/',
    'at ::1 now',
    'fe80::1%eth0',
    '::ffff:192.0.2.128',
    '[2001:db8::1]:443',
    'IPv6:2001:db8::8a2e:370:7334',
    'addr:2001:db8::1',
    'ip.addr==10.0.0.1',
    'ip.src >= 10.0.0.1',
    'listen 0.0.0.0:80',
    'resolver 8.8.4.4',
    '1.1.1.1',
    'client 1.2.3.4',
    'http://1.2.3.4/',
    'ssh root@10.0.0.5',
    'redis:10.0.0.1:6379',
    'upgraded the server 10.0.0.5 to 12',
    'peer 2001:db8:85a3:8d3:1319:8a2e:370:7348:6721',
    'fd00:c96a::5895:ea1f:f895:27174 closed',
  ],
  negatives: [
    '256.1.1.1',
    'at 10:20:30',
    'at 12:30::45',
    '12::30:45',
    '1.2.3.4.5',
    'a::method',
    'version 1.2.3.4',
    'v1.2.3.4',
    'Chrome/120.0.6099.109',
    'std::vector',
    '00:1a:2b:3c:4d:5e',
    '192.168.01.1',
    '00:1a:2b:3c:4d:5e:6f:70',
    '00:1a:2b:3c:4d:5e:6f:70:80',
    '16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48',
    'python 3.11.2.1',
    'zlib 1.3.0.1-motley',
    'numpy==1.21.9.13',
    'npm i react@13.0.15.7',
    'docker run img:11.17.27.30',
    'rv:1.9.1.20',
    'upgraded from 1.2.3.4 to 1.2.3.5',
    'node 16.30.2.0 / npm 16.30.2.0',
    'the 2.4.1.0 release',
    'SDK 10.1.2.3',
    'foo >= 12.1.0.3',
    'commons-io-12.9.7.1.jar',
    '0.9.1.5',
    'phase 4.6.4.7 of the plan',
    'see 5.8.2.5',
    '§ 9.15.18.3',
    'updated from 0.0.0.6 to 5.8.2.5',
    'updated from 10.4.4.6 to 10.5.0.0',
  ],
};
