import type { TextPart } from '@guardspan/policy/runtime';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** Fields of a message whose value is a text or a list of parts; the last two are those of servers that show their reasoning. */
const CONTENTS = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const;
/** Fields of an entry of `reasoning_details` that carry text. What is encrypted cannot be read. */
const DETAILS = ['text', 'summary'] as const;

function addContent(parts: TextPart[], path: string, role: string, content: unknown): void {
  addText(parts, path, role, content);
  listOf(content).forEach((item, index) => {
    const at = `${path}.${index}`;
    addText(parts, at, role, item);
    const part = objectOf(item);
    addText(parts, `${at}.text`, role, part?.['text']);
    addText(parts, `${at}.refusal`, role, part?.['refusal']);
    if (part?.['thinking'] !== undefined) addContent(parts, `${at}.thinking`, role, part['thinking']);
  });
}

function addDetails(parts: TextPart[], path: string, role: string, details: unknown): void {
  listOf(details).forEach((item, index) => {
    for (const field of DETAILS) addText(parts, `${path}.${index}.${field}`, role, objectOf(item)?.[field]);
  });
}

/** Adds the texts of a whole message that are said, thought or spoken: content, refusal, reasoning in the forms that servers have for it, and the transcript of audio. */
export function addSaid(parts: TextPart[], path: string, message: Json, role: string): void {
  for (const field of CONTENTS) {
    const content = message[field];
    if (content !== undefined && content !== null) addContent(parts, `${path}.${field}`, role, content);
  }
  const details = message['reasoning_details'];
  if (details !== undefined) addDetails(parts, `${path}.reasoning_details`, role, details);
  const audio = objectOf(message['audio']);
  if (audio) addText(parts, `${path}.audio.transcript`, role, audio['transcript']);
}

/** A piece of a text in a delta. */
export interface DeltaText {
  /** The same for all pieces of one text, whether they come as texts or as parts. */
  path: string;
  piece: string;
  /** Puts another text in the place of the piece. */
  replace: (text: string) => void;
  /** Adds text to a later delta, in the form in which this piece came. */
  add: (delta: Json, text: string) => void;
}

/** Gives the piece to the list when it is a text that is not empty. */
function addPiece(list: DeltaText[], path: string, holder: object, key: string | number, add: DeltaText['add']): void {
  const fields = holder as Record<string | number, unknown>;
  const piece = fields[key];
  if (typeof piece !== 'string' || piece === '') return;
  list.push({ path, piece, replace: (text) => (fields[key] = text), add });
}

/** Adds a part to a list of parts, or its text to a text when the delta has that instead. */
function withPart(field: string, part: (text: string) => unknown): DeltaText['add'] {
  return (delta, text) => {
    delta[field] =
      typeof delta[field] === 'string' && delta[field] !== ''
        ? delta[field] + text
        : [...listOf(delta[field]), part(text)];
  };
}

function asText(field: string): DeltaText['add'] {
  return (delta, text) => {
    if (Array.isArray(delta[field])) withPart(field, (part) => ({ type: 'text', text: part }))(delta, text);
    else delta[field] = textOf(delta[field]) + text;
  };
}

function contentPieces(list: DeltaText[], delta: Json, field: string): void {
  const content = delta[field];
  addPiece(list, field, delta, field, asText(field));
  if (!Array.isArray(content)) return;
  const plain = (text: string): unknown => ({ type: 'text', text });
  content.forEach((item, index) => {
    addPiece(list, field, content, index, withPart(field, String));
    const part = objectOf(item);
    if (!part) return;
    addPiece(list, field, part, 'text', withPart(field, plain));
    const refusal = (text: string): unknown => ({ type: 'refusal', refusal: text });
    addPiece(list, `${field}.refusal`, part, 'refusal', withPart(field, refusal));
    const path = `${field}.thinking`;
    const { thinking } = part;
    addPiece(
      list,
      path,
      part,
      'thinking',
      withPart(field, (text) => ({ type: 'thinking', thinking: text })),
    );
    for (const thought of listOf(thinking)) {
      const add = withPart(field, (text) => ({ type: 'thinking', thinking: [plain(text)] }));
      if (objectOf(thought)) addPiece(list, path, objectOf(thought)!, 'text', add);
    }
  });
}

function detailPieces(list: DeltaText[], delta: Json): void {
  listOf(delta['reasoning_details']).forEach((item, position) => {
    const detail = objectOf(item);
    if (!detail) return;
    const index = typeof detail['index'] === 'number' ? detail['index'] : position;
    for (const field of DETAILS) {
      const add: DeltaText['add'] = (later, text) => {
        const { type, id, format } = detail;
        const added: Json = { type, ...(id === undefined ? {} : { id }), ...(format === undefined ? {} : { format }) };
        later['reasoning_details'] = [...listOf(later['reasoning_details']), { ...added, index, [field]: text }];
      };
      addPiece(list, `reasoning_details.${index}.${field}`, detail, field, add);
    }
  });
}

/** The pieces of text in a delta of a streamed message, in the forms of {@link addSaid}. */
export function deltaTexts(delta: Json): DeltaText[] {
  const list: DeltaText[] = [];
  for (const field of CONTENTS) contentPieces(list, delta, field);
  detailPieces(list, delta);
  const audio = objectOf(delta['audio']);
  if (audio) {
    addPiece(list, 'audio.transcript', audio, 'transcript', (later, text) => {
      const given = objectOf(later['audio']);
      later['audio'] = { ...given, transcript: textOf(given?.['transcript']) + text };
    });
  }
  return list;
}
