import { plainText } from '@guardspan/policy';
import pc from 'picocolors';

/** What every error looks like on standard error: its code, what and where, and below it how to mend it. It may quote a file, an answer or an argument. */
export function errorText(
  { code, message, hint }: { code: string; message: string; hint: string },
  color: boolean,
): string {
  const colors = pc.createColors(color);
  // Several problems bring the place and the code of each.
  const what = message.includes(code) ? message : `${code} ${message}`;
  return `${colors.red('error')} ${plainText(what)}\n${hint ? `  ${plainText(hint)}\n` : ''}`;
}
