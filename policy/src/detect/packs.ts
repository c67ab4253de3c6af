import { creditCard } from './credit-card.js';
import { cryptoAddress } from './crypto-address.js';
import { dateOfBirth } from './date-of-birth.js';
import { email } from './email.js';
import { iban } from './iban.js';
import { ip } from './ip.js';
import { mac } from './mac.js';
import { auAbn, auMedicare, auTfn } from './national/au.js';
import { deTaxId } from './national/de.js';
import { esNif } from './national/es.js';
import { frNir } from './national/fr.js';
import { inAadhaar, inPan } from './national/in.js';
import { itFiscalCode } from './national/it.js';
import { nlBsn } from './national/nl.js';
import { plPesel } from './national/pl.js';
import { ukNhs, ukNino } from './national/uk.js';
import { usItin, usNpi, usRouting } from './national/us.js';
import { phone } from './phone.js';
import { promptInjection } from './prompt-injection.js';
import { apiKey, canary, jwt, privateKey, urlPassword } from './secrets.js';
import type { EntityDetector } from './types.js';
import { url } from './url.js';
import { usSsn } from './us-ssn.js';

const PII = [email, phone, creditCard, iban, ip, usSsn];
const MORE = [mac, url, cryptoAddress, dateOfBirth];
const NATIONAL = {
  pii_us: [usSsn, usItin, usRouting, usNpi],
  pii_uk: [ukNhs, ukNino],
  pii_de: [deTaxId],
  pii_fr: [frNir],
  pii_es: [esNif],
  pii_it: [itFiscalCode],
  pii_nl: [nlBsn],
  pii_pl: [plPesel],
  pii_in: [inAadhaar, inPan],
  pii_au: [auTfn, auAbn, auMedicare],
};
const SECRETS = [apiKey, jwt, privateKey, urlPassword, canary];

/** Detectors by the name that a document's `uses` gives. `all` is every one of them. */
export const DETECTOR_PACKS: Readonly<Record<string, readonly EntityDetector[]>> = {
  pii: PII,
  pii_more: MORE,
  ...NATIONAL,
  secrets: SECRETS,
  injection: [promptInjection],
  all: [...new Set([...PII, ...MORE, ...Object.values(NATIONAL).flat(), ...SECRETS, promptInjection])],
};
