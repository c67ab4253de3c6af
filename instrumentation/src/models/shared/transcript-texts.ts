import type { TextPart } from '@guardspan/policy/runtime';
import { addText, listOf, objectOf } from './json.js';
import type { Json } from './json.js';

/** Texts of a transcription: the whole, and its segments, which say the same text in parts. */
export function transcriptTexts(data: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'text', 'assistant', data['text']);
  listOf(data['segments']).forEach((segment, index) =>
    addText(parts, `segments.${index}.text`, 'assistant', objectOf(segment)?.['text']),
  );
  return parts;
}
