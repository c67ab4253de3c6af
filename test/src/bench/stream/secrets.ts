/** A secret with what must stand in its place. */
export interface Secret {
  name: string;
  text: string;
  entity: string;
  /** What has to stand around it, and stays; default nothing. */
  around?: readonly [before: string, after: string];
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

/** The same in a string of JSON, as keys of service accounts come: no line break is one. */
const SERVICE_ACCOUNT = JSON.stringify(`${pem(600)}\n`).slice(1, -'\\n"'.length);

/** One secret of each kind that the guard-rail of the benchmark looks for, the longest that fit included. */
export const SECRETS: readonly Secret[] = [
  { name: 'email', text: 'jane.doe+x@mail.example.com', entity: 'email' },
  { name: 'credit card', text: '4111 1111 1111 1111', entity: 'credit_card' },
  { name: 'IBAN', text: 'DE89 3704 0044 0532 0130 00', entity: 'iban' },
  { name: 'IPv4 address', text: '192.168.10.254', entity: 'ip' },
  { name: 'API key', text: 'sk-abcdefghijklmnopqrstuvwxyz012345', entity: 'api_key' },
  { name: 'private key of 3 KB', text: pem(3000), entity: 'private_key' },
  { name: 'private key in a string of JSON', text: SERVICE_ACCOUNT, entity: 'private_key' },
  {
    name: 'password in an address',
    text: 'pä55wört-s3cret',
    entity: 'url_password',
    around: ['postgres://bé:', '@db'],
  },
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
