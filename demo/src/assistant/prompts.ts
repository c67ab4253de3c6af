/** A prompt with what it is known to contain: the scenario's own truth. All personal data is made up. */
export interface Prompt {
  text: string;
  /** The personal data in it; none of it may reach the model server. */
  personal: readonly string[];
}

/** Prompts of a support assistant. Card and account numbers are the published test numbers of their schemes; the rest uses reserved names. */
export const PROMPTS: readonly Prompt[] = [
  { text: 'How do I change the language of my account?', personal: [] },
  { text: 'Please resend the invoice to jane.doe@example.com.', personal: ['jane.doe@example.com'] },
  { text: 'What does error E-1042 on my meter mean?', personal: [] },
  { text: 'Call me back on +1 415 555 0132 after five.', personal: ['+1 415 555 0132'] },
  { text: 'My tariff ends on 2026-12-31, what then?', personal: [] },
  { text: 'Charge card 4111 1111 1111 1111 for the March bill.', personal: ['4111 1111 1111 1111'] },
  { text: 'Summarise the terms of contract version 3.2.1.', personal: [] },
  { text: 'Refund to IBAN GB82 WEST 1234 5698 7654 32 please.', personal: ['GB82 WEST 1234 5698 7654 32'] },
  { text: 'Is the 10:20:30 reading plausible for a 3.6 kW charger?', personal: [] },
];
