import { embedContent, generateContent, generateContentStream } from '../../../src/models/google/generate-content.js';
import { editImage, generateImages, generateVideos } from '../../../src/models/google/media.js';
import { json, iterable, at, listAt, joined } from './fixture.js';
import type { MethodClient, StreamFixture } from './fixture.js';

const googleChunk = (parts: unknown[], rest: object = {}): unknown => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...rest }],
});
const googleEnd = {
  candidates: [{ index: 0, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3, thoughtsTokenCount: 2 },
};
const googleText = (thought: boolean): StreamFixture['text'] =>
  joined((chunk) =>
    listAt(chunk, 'candidates')
      .flatMap((candidate) => listAt(candidate, 'content', 'parts'))
      .filter((part) => (at(part, 'thought') === true) === thought)
      .map((part) => at(part, 'text'))
      .join(''),
  );

/** Requests, answers and streams of the client, with a text in every place that has one. */
export const google: MethodClient = {
  name: '@google/genai',
  endpoints: [generateContent, generateContentStream, embedContent, generateImages, editImage, generateVideos],
  requests: (text) => [
    {
      method: 'generateImagesInternal',
      args: [{ model: 'm', prompt: text, config: { negativePrompt: text } }],
      texts: 2,
    },
    { method: 'editImageInternal', args: [{ model: 'm', prompt: text, referenceImages: [] }], texts: 1 },
    { method: 'generateVideosInternal', args: [{ model: 'm', prompt: text, source: { prompt: text } }], texts: 2 },
    { method: 'generateContentInternal', args: [{ model: 'm', contents: text }], texts: 1 },
    { method: 'generateContentInternal', args: [{ model: 'm', contents: [text, { text }] }], texts: 2 },
    {
      method: 'generateContentInternal',
      args: [
        {
          model: 'models/m',
          contents: [
            { role: 'user', parts: [{ text }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }] },
            { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: { 'b.c': [text] } } } }] },
            { role: 'user', parts: [{ functionResponse: { name: 'f', response: { text } } }] },
          ],
          config: { systemInstruction: { parts: [{ text }] } },
        },
      ],
      texts: 4,
    },
    { method: 'embedContentInternal', args: [{ model: 'm', contents: [text] }], texts: 1 },
  ],
  answer: (text) => ({
    method: 'generateContentInternal',
    args: [{ model: 'models/m', contents: 'hi' }],
    result: {
      candidates: [
        {
          content: { role: 'model', parts: [{ text }, { functionCall: { name: 'f', args: { to: text } } }] },
          finishReason: 'STOP',
        },
        { content: { role: 'model', parts: [{ text, thought: true }] } },
      ],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3, thoughtsTokenCount: 2, totalTokenCount: 15 },
      modelVersion: 'm-1',
    },
  }),
  answerTexts: 3,
  streams: [
    {
      method: 'generateContentStreamInternal',
      args: [{ model: 'm', contents: 'hi' }],
      chunks: (pieces) => [...pieces.map((text) => googleChunk([{ text }])), googleEnd],
      text: googleText(false),
    },
    {
      method: 'generateContentStreamInternal',
      args: [{ model: 'm', contents: 'hi' }],
      chunks: (pieces) => [
        ...pieces.map((text) => googleChunk([{ text, thought: true }])),
        googleChunk([{ text: 'so' }]),
        googleEnd,
      ],
      text: googleText(true),
    },
  ],
  open: (chunks) => chunks,
  read: iterable,
  readable: json,
};
