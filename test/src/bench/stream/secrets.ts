/** A secret with what must stand in its place. */
export interface Secret {
  name: string;
  text: string;
  entity: string;
}

/** A JSON web token of about this many characters. */
function jwt(size: number): string {
  const part = 'a1B2c3D4'.repeat(Math.ceil(size / 2 / 8));
  return `eyJhbGciOiJIUzI1NiJ9.eyJ${part}.${part}`;
}

/** A private key of this many characters, in lines as OpenSSL writes them. */
function pem(size: number): string {
  const line = `${'MIIEowIBAAKCAQEA7x9+/Zq3'.repeat(3).slice(0, 64)}\n`;
  return `-----BEGIN RSA PRIVATE KEY-----\n${line.repeat(Math.ceil(size / 65))}-----END RSA PRIVATE KEY-----`;
}

/** One secret of each kind that the guard-rail of the benchmark looks for, the longest that fit included. */
export const SECRETS: readonly Secret[] = [
  { name: 'email', text: 'jane.doe+x@mail.example.com', entity: 'email' },
  { name: 'credit card', text: '4111 1111 1111 1111', entity: 'credit_card' },
  { name: 'IBAN', text: 'DE89 3704 0044 0532 0130 00', entity: 'iban' },
  { name: 'IPv4 address', text: '192.168.10.254', entity: 'ip' },
  { name: 'API key', text: 'sk-abcdefghijklmnopqrstuvwxyz012345', entity: 'api_key' },
  { name: 'private key of 3 KB', text: pem(3000), entity: 'private_key' },
  { name: 'JSON web token of 2 KB', text: jwt(2000), entity: 'jwt' },
];

/** A guard-rail that redacts all of them in streamed answers. */
export const DOCUMENT = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-secrets-in-streams }
spec:
  at: chunk
  uses:
    pii: { detector: pii, on: output.text }
    secrets: { detector: secrets, on: output.text }
  when: "pii.count + secrets.count > 0.0"
  action: { redact: { detections: [pii, secrets] } }
  mode: enforce
`;

/** Plain prose of a length, the same each time. */
export function prose(length: number): string {
  const sentence = 'The quick brown fox jumps over the lazy dog, and in 3 of 10 tries it lands on its feet. ';
  return sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length);
}
