import type { EntityDetector } from '../types.js';

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Fiscal codes of persons (decree of 23 December 1976): form, month, day and control letter. */
export const itFiscalCode: EntityDetector = {
  entity: 'it_fiscal_code',
  about: 'Italian fiscal code: form and control letter',
  trigger: 'token',
  pattern:
    '[A-Za-z]{6}[0-9L-NP-Vl-np-v]{2}[A-EHLMPRSTa-ehlmprst][0-9L-NP-Vl-np-v]{2}[A-Za-z][0-9L-NP-Vl-np-v]{3}[A-Za-z]',
  score: 1,
  maxLength: 16,
  validate: ({ text }) => {
    const code = text.toUpperCase();
    let sum = 0;
    for (let index = 0; index < 15; index++) {
      const sign = code.charCodeAt(index);
      const value = sign < 65 ? sign - 48 : sign - 65;
      sum += index % 2 === 0 ? ODD[value]! : value;
    }
    return code.charCodeAt(15) - 65 === sum % 26;
  },
  positives: ['codice fiscale RSSMRA85T10A562S', 'mrtmtt91d08f205j'],
  negatives: ['RSSMRA85T10A562T', 'ABCDEF12G34H567I'],
};
