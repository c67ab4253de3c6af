import type { TextPart, Usage } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { CallAnswer } from '../../guard/types.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { addText, listOf, objectOf, usageOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import type { Endpoint } from '../stainless/endpoint.js';
import { OPENAI } from './family.js';

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'prompt', 'user', params['prompt']);
  return parts;
}

/** Images are not read; some models say to which prompt they changed what they were asked. */
function answer(data: Json): CallAnswer {
  return callAnswer({
    id: '',
    model: '',
    usage: usageOf(data['usage']),
    finishReasons: [],
    toolCalls: [],
    texts: () => {
      const parts: TextPart[] = [];
      listOf(data['data']).forEach((image, index) =>
        addText(parts, `data.${index}.revised_prompt`, 'assistant', objectOf(image)?.['revised_prompt']),
      );
      return parts;
    },
  });
}

class ImageCollector implements ChunkCollector {
  #usage: Partial<Usage> | undefined;

  add(value: unknown): void {
    this.#usage = usageOf(objectOf(value)?.['usage']) ?? this.#usage;
  }

  answer(): CallAnswer {
    return callAnswer({
      ...{ id: '', model: '', usage: this.#usage, finishReasons: [], toolCalls: [], texts: () => [] },
    });
  }
}

/** Events of images have no text; a guard-rail that needs none may still refuse them. */
class ImageRewriter implements ChunkRewriter {
  constructor(private readonly guard: StreamGuard) {}

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(event: unknown): unknown[] {
    return this.refusal === null ? [event] : [];
  }

  finish(): unknown[] {
    return [];
  }
}

/** `client.images.generate`. */
export const generateImage: Endpoint = {
  family: OPENAI,
  path: ['images'],
  method: 'generate',
  operation: 'image_generation',
  kind: 'other',
  requestTexts,
  answer,
  collector: () => new ImageCollector(),
  rewriter: (guard) => new ImageRewriter(guard),
};

/** `client.images.edit`. The images that are edited are not read. */
export const editImage: Endpoint = { ...generateImage, method: 'edit' };

/** `client.images.createVariation`, which is asked without words. */
export const varyImage: Endpoint = { ...generateImage, method: 'createVariation', collector: null, rewriter: null };

/** `client.videos.create`, `edit` and `extend`, which answer with a job. */
export const videos: readonly Endpoint[] = ['create', 'edit', 'extend'].map((method) => ({
  ...generateImage,
  path: ['videos'],
  method,
  operation: 'video_generation',
  collector: null,
  rewriter: null,
}));

/** `client.videos.remix`, once its first argument is out of the way; the resource of another client cannot be asked so, and the empty path finds none. */
export const remixVideo: Endpoint = { ...videos[0]!, path: [], method: 'remix' };
