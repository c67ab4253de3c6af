import type { TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import type { MethodEndpoint } from '../promised/method-endpoint.js';
import { callAnswer } from '../shared/call-answer.js';
import { addText, listOf, objectOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { embedContent } from './generate-content.js';

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'prompt', 'user', params['prompt']);
  addText(parts, 'source.prompt', 'user', objectOf(params['source'])?.['prompt']);
  addText(parts, 'config.negativePrompt', 'user', objectOf(params['config'])?.['negativePrompt']);
  return parts;
}

/** Images are not read; some models say to which prompt they changed what they were asked. */
function answer(data: Json): CallAnswer {
  return callAnswer({
    ...{ id: '', model: '', usage: undefined, finishReasons: [], toolCalls: [] },
    texts: () => {
      const parts: TextPart[] = [];
      listOf(data['generatedImages']).forEach((image, index) =>
        addText(parts, `generatedImages.${index}.enhancedPrompt`, 'assistant', objectOf(image)?.['enhancedPrompt']),
      );
      return parts;
    },
  });
}

/** `ai.models.generateImages`. */
export const generateImages: MethodEndpoint = {
  ...embedContent,
  method: 'generateImagesInternal',
  operation: 'image_generation',
  kind: 'other',
  requestTexts,
  answer,
};

/** `ai.models.editImage`. The images that are edited are not read. */
export const editImage: MethodEndpoint = { ...generateImages, method: 'editImageInternal' };

/** `ai.models.generateVideos`, which answers with an operation. */
export const generateVideos: MethodEndpoint = {
  ...generateImages,
  method: 'generateVideosInternal',
  operation: 'video_generation',
};
