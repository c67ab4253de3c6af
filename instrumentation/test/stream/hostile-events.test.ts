import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interactions } from '../../src/models/google/interactions.js';
import { CONVERSATIONS } from '../../src/models/mistral/conversations.js';
import { generateImage } from '../../src/models/openai/images.js';
import { responses } from '../../src/models/openai/responses.js';
import { transcriptions } from '../../src/models/openai/transcriptions.js';
import type { ChunkCollector } from '../../src/models/shared/chunk-collector.js';
import type { ChunkRewriter } from '../../src/stream/observe-stream.js';
import type { StreamGuard } from '../../src/stream/stream-guard.js';
import { REDACT_MAIL, streamEvents } from './stream-answer.js';

const MAIL = 'jane@mail.example.com';
const TOOLS = REDACT_MAIL.replace('mail.count > 0', "mail.count > 0 || toolCalls.exists(call, call.name == 'never')");

interface Api {
  rewriter(guard: StreamGuard): ChunkRewriter;
  collector(): ChunkCollector;
  /** Where the type of an event stands, and the types that the API has. */
  type: string;
  types: string[];
  event(fields: object): object;
}
const plain = (fields: object): object => fields;
const conversation = CONVERSATIONS.find(({ method }) => method === 'startStream')!;

const APIS: Record<string, Api> = {
  'openai responses': {
    rewriter: (guard) => responses.rewriter!(guard, {}),
    collector: () => responses.collector!(),
    type: 'type',
    types: [
      'response.output_item.added',
      'response.output_item.done',
      'response.completed',
      'response.shell_call_command.added',
      'response.shell_call_command.delta',
      'response.shell_call_command.done',
      'response.apply_patch_call_operation_diff.delta',
      'response.apply_patch_call_operation_diff.done',
      'response.shell_call_output_content.delta',
      'response.shell_call_output_content.done',
    ],
    event: plain,
  },
  'openai transcriptions': {
    rewriter: (guard) => transcriptions.rewriter!(guard, {}),
    collector: () => transcriptions.collector!(),
    type: 'type',
    types: ['transcript.text.delta', 'transcript.text.segment', 'transcript.text.done'],
    event: plain,
  },
  'openai images': {
    rewriter: (guard) => generateImage.rewriter!(guard, {}),
    collector: () => generateImage.collector!(),
    type: 'type',
    types: ['image_generation.partial_image', 'image_generation.completed'],
    event: plain,
  },
  'mistral conversations': {
    rewriter: (guard) => conversation.rewriter!(guard, {}),
    collector: () => conversation.collector!(),
    type: 'type',
    types: [
      'message.output.delta',
      'function.call.delta',
      'tool.execution.started',
      'tool.execution.delta',
      'tool.execution.done',
      'conversation.response.done',
    ],
    event: (data) => ({ event: 'x', data }),
  },
  'google interactions': {
    rewriter: (guard) => interactions.rewriter!(guard, {}),
    collector: () => interactions.collector!(),
    type: 'event_type',
    types: ['interaction.created', 'step.start', 'step.delta', 'step.stop', 'interaction.completed'],
    event: plain,
  },
};

/** Names of fields and types of items in any of the APIs. */
const NAMES =
  'item,step,delta,content,summary,arguments,result,text,type,name,action,actions,commands,command,operation';
const FIELDS = [
  ...NAMES.split(','),
  ...'diff,output,outputs,stdout,queries,query,steps,interaction,response,info'.split(','),
];
const KINDS =
  'shell_call,local_shell_call,apply_patch_call,computer_call,web_search_call,shell_call_output,text,thought';
const TYPES = [
  ...KINDS.split(','),
  ...'model_output,function_call,arguments_delta,thought_summary,constructor'.split(','),
];

const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.constantFrom(null, undefined, 0, true, '', MAIL, `to ${MAIL} now`, ...TYPES),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS, '__proto__', 'toString'), tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe.each(Object.entries(APIS))('events of %s that are of any shape', (_name, api) => {
  const event = fc
    .tuple(
      fc.constantFrom(...api.types, 'constructor', 'other'),
      fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 5 }),
      fc.record({ output_index: fc.nat(1), index: fc.nat(1), command_index: fc.nat(1), outputIndex: fc.nat(1) }),
    )
    .map(([type, fields, place]) => api.event({ ...place, ...fields, [api.type]: type }));

  it('never make the guard throw or fail', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: event }, { weight: 1, arbitrary: value })), (events) => {
        for (const documents of [REDACT_MAIL, TOOLS]) {
          const collector = api.collector();
          const { problems } = streamEvents(api, documents, structuredClone(events));
          expect(problems).toBe(0);
          for (const each of events) collector.add(each);
          collector.answer().texts!();
        }
      }),
      { numRuns: 300 },
    );
  });
});
