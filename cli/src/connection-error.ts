import { CliError, UNREACHABLE } from './cli-error.js';

/** What a code of the network says, and how to mend it; without a hint the caller's is given. */
const SAYINGS: { readonly [code: string]: readonly [what: string, hint?: string] } = {
  ECONNREFUSED: ['nothing listens there'],
  ENOTFOUND: ['there is no host of that name', 'check the address'],
  EAI_AGAIN: ['the name of the host cannot be looked up now', 'check the network and its name server, then try again'],
  ECONNRESET: ['the connection was broken off'],
  EPIPE: ['the connection was broken off'],
  UND_ERR_SOCKET: ['the connection was broken off'],
  ETIMEDOUT: ['no connection comes about', 'check the address and the firewalls on the way'],
  UND_ERR_CONNECT_TIMEOUT: ['no connection comes about', 'check the address and the firewalls on the way'],
  EHOSTUNREACH: ['there is no way to that host', 'check the network and the address'],
  ENETUNREACH: ['there is no way to that network', 'check the network and the address'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['it does not speak https', 'write its address with http://'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['it does not speak https', 'write its address with http://'],
};

/** Codes of certificates that are not trusted. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME/;

/**
 * Why a request got no answer, in plain words, from what `fetch` rejected with: its cause and the code of that as far as there are any.
 *
 * @param url Who was asked.
 * @param hint What to do when the cause does not say more.
 */
export function connectionError(url: string, error: unknown, hint: string): CliError {
  const [what, better] = reasonOf(error);
  return new CliError(UNREACHABLE, `${url} cannot be reached: ${what}`, better ?? hint);
}

/** {@link connectionError}'s words alone, with the code in brackets where there is one. */
export function reasonOf(error: unknown): readonly [what: string, hint?: string] {
  const cause = causeOf(error);
  if (cause.name === 'TimeoutError') return [cause.message];
  const { code = '' } = cause;
  const known = SAYINGS[code];
  if (known !== undefined) {
    const [what, better] = known;
    return better === undefined ? [`${what} (${code})`] : [`${what} (${code})`, better];
  }
  if (CERTIFICATE.test(code))
    return [
      `its certificate is not trusted (${code})`,
      'give the certificate of its authority with NODE_EXTRA_CA_CERTS=FILE',
    ];
  // Its messages are the parser's about itself.
  if (code.startsWith('HPE_') || cause.name === 'HTTPParserError') return ['what listens there does not speak HTTP'];
  if (cause.message === 'bad port') return ['requests to this port are refused, because other protocols own it'];
  const words = [cause.message, code === '' ? '' : `(${code})`].filter((text) => text !== '').join(' ');
  return [words === '' ? 'the reason is not known' : words];
}

interface Cause {
  name?: string;
  message: string;
  code?: string;
}

/** The innermost cause; of several attempts (IPv6 and IPv4) the last one. */
function causeOf(error: unknown): Cause {
  let found = error as Cause & { cause?: unknown; errors?: unknown[] };
  for (let depth = 0; depth < 5; depth++) {
    const inner = found.cause ?? found.errors?.at(-1);
    if (typeof inner !== 'object' || inner === null) break;
    found = inner as typeof found;
  }
  return { ...found, name: found.name ?? '', message: String(found.message ?? '') };
}
