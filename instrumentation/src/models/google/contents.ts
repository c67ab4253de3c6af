import type { TextPart } from '@guardspan/policy/runtime';
import { addDeepTexts } from '../shared/deep-texts.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';

const ROLES: Readonly<Record<string, string>> = { model: 'assistant', function: 'tool' };

function addPart(parts: TextPart[], path: string, role: string, value: unknown): void {
  if (typeof value === 'string') return addText(parts, path, role, value);
  const part = objectOf(value);
  if (!part) return;
  addText(parts, `${path}.text`, role, part['text']);
  const call = objectOf(part['functionCall']);
  addDeepTexts(parts, `${path}.functionCall.args`, role, call?.['args'], { tool: textOf(call?.['name']) });
  addDeepTexts(parts, `${path}.functionResponse.response`, 'tool', objectOf(part['functionResponse'])?.['response']);
  addText(parts, `${path}.executableCode.code`, role, objectOf(part['executableCode'])?.['code']);
  addText(parts, `${path}.codeExecutionResult.output`, 'tool', objectOf(part['codeExecutionResult'])?.['output']);
}

/** Texts of what the client takes as contents: a text, a part, a content with a role, or a list of these. */
export function addContents(parts: TextPart[], path: string, role: string, value: unknown): void {
  if (Array.isArray(value)) return value.forEach((each, index) => addContents(parts, `${path}.${index}`, role, each));
  const content = objectOf(value);
  if (!content || !('parts' in content)) return addPart(parts, path, role, value);
  const own = textOf(content['role']);
  listOf(content['parts']).forEach((part, index) =>
    addPart(parts, `${path}.parts.${index}`, ROLES[own] ?? (own === '' ? role : own), part),
  );
}
