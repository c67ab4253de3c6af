import { GEN_AI } from '@guardspan/policy/runtime';
import type { TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';

/** What an endpoint found in an answer; empty strings and lists mean "not said". */
export interface AnswerFacts {
  id: string;
  model: string;
  usage: Partial<Usage> | undefined;
  finishReasons: string[];
  toolCalls: ToolCall[];
  texts: () => readonly TextPart[];
}

/** The answer of a call with its `gen_ai.*` attributes; usage is on spans by itself. */
export function callAnswer(facts: AnswerFacts): CallAnswer {
  const spanAttributes: Record<string, string | number | boolean | string[]> = {};
  if (facts.id !== '') spanAttributes[GEN_AI.RESPONSE_ID] = facts.id;
  if (facts.model !== '') spanAttributes[GEN_AI.RESPONSE_MODEL] = facts.model;
  if (facts.finishReasons.length > 0) spanAttributes[GEN_AI.RESPONSE_FINISH_REASONS] = facts.finishReasons;
  const answer: CallAnswer = { spanAttributes, texts: facts.texts };
  if (facts.model !== '') answer.responseModel = facts.model;
  if (facts.usage) answer.usage = facts.usage;
  if (facts.toolCalls.length > 0) answer.toolCalls = facts.toolCalls;
  return answer;
}
