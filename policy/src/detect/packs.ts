import { creditCard } from './credit-card.js';
import { email } from './email.js';
import { iban } from './iban.js';
import { ip } from './ip.js';
import { phone } from './phone.js';
import { apiKey, jwt } from './secrets.js';
import type { EntityDetector } from './types.js';
import { usSsn } from './us-ssn.js';

/** Detectors by the name that a document's `uses` gives. */
export const DETECTOR_PACKS: Readonly<Record<string, readonly EntityDetector[]>> = {
  pii: [email, phone, creditCard, iban, ip, usSsn],
  secrets: [apiKey, jwt],
};
