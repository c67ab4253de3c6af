import type { CallValue, ToolCall } from '@guardspan/policy/runtime';
import { pathStep } from '../../actions/text-paths.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** Names under which guard-rails know the tools of the API that the application runs: its calls do not name them. */
export const SHELL_TOOL = 'shell';
export const PATCH_TOOL = 'apply_patch';
const LOCAL_SHELL_TOOL = 'local_shell';
const COMPUTER_TOOL = 'computer';

/** Where a text of an item stands: `holder[key]`. */
export interface ItemText {
  holder: { [key: string]: unknown };
  key: string;
  path: string;
  role: 'assistant' | 'tool';
  /** The tool that is given the text; undefined when it is for none. */
  tool: string | undefined;
}

/** A value with fields or elements, by keys. */
function fieldsOf(value: unknown): { [key: string]: unknown } | undefined {
  return typeof value === 'object' && value !== null ? (value as { [key: string]: unknown }) : undefined;
}

function textsIn(list: ItemText[], value: unknown, path: string, tool: string | undefined, keys?: string[]): void {
  const holder = fieldsOf(value);
  if (!holder) return;
  const role = tool === undefined ? 'tool' : 'assistant';
  for (const key of keys ?? Object.keys(holder))
    if (typeof holder[key] === 'string') list.push({ holder, key, path: `${path}.${pathStep(key)}`, role, tool });
}

/** Actions of a computer; older calls have one. */
function actionsOf(item: Json): [path: string, action: Json][] {
  const actions: [string, unknown][] = [['action', item['action']]];
  listOf(item['actions']).forEach((action, index) => actions.push([`actions.${index}`, action]));
  return actions.flatMap(([path, value]): [string, Json][] => {
    const action = objectOf(value);
    return action ? [[path, action]] : [];
  });
}

/**
 * Texts of items that call tools of the API, and of what these came back with: commands of shells, patches, what is typed on a computer, queries of searches, prompts of images, output of
 * shells. Every text stands once.
 */
export function builtInTexts(item: Json, path: string): ItemText[] {
  const list: ItemText[] = [];
  const action = objectOf(item['action']);
  switch (item['type']) {
    case 'shell_call':
      textsIn(list, action?.['commands'], `${path}.action.commands`, SHELL_TOOL);
      break;
    case 'local_shell_call':
      textsIn(list, action?.['command'], `${path}.action.command`, LOCAL_SHELL_TOOL);
      textsIn(list, action?.['env'], `${path}.action.env`, LOCAL_SHELL_TOOL);
      break;
    case 'apply_patch_call':
      textsIn(list, item['operation'], `${path}.operation`, PATCH_TOOL, ['path', 'diff']);
      break;
    case 'computer_call':
      for (const [at, each] of actionsOf(item)) textsIn(list, each, `${path}.${at}`, COMPUTER_TOOL, ['text']);
      break;
    case 'web_search_call':
      textsIn(list, action, `${path}.action`, 'web_search', ['query', 'pattern', 'url']);
      textsIn(list, action?.['queries'], `${path}.action.queries`, 'web_search');
      break;
    case 'file_search_call':
      textsIn(list, item['queries'], `${path}.queries`, 'file_search');
      break;
    case 'image_generation_call':
      textsIn(list, item, path, 'image_generation', ['revised_prompt']);
      break;
    case 'shell_call_output':
      listOf(item['output']).forEach((output, index) =>
        textsIn(list, output, `${path}.output.${index}`, undefined, ['stdout', 'stderr']),
      );
      break;
    case 'program_output':
      textsIn(list, item, path, undefined, ['result']);
      break;
  }
  return list;
}

/** The call that one command of a shell is. */
export function shellCall(command: string): ToolCall {
  return { name: SHELL_TOOL, arguments: { command } };
}

/** The call that an operation on a file is. */
export function patchCall(operation: Json): ToolCall {
  return { name: PATCH_TOOL, arguments: operation as { [key: string]: CallValue } };
}

/** Calls of tools of the API that the application runs, one for each command, patch or action; those of searches the provider has run already. */
export function builtInCalls(item: Json): ToolCall[] {
  const action = objectOf(item['action']);
  const operation = objectOf(item['operation']);
  switch (item['type']) {
    case 'shell_call':
      return listOf(action?.['commands']).map((command) => shellCall(textOf(command)));
    case 'local_shell_call': {
      const command = listOf(action?.['command']).map(textOf);
      return command.length === 0 ? [] : [{ name: LOCAL_SHELL_TOOL, arguments: { command: command.join(' ') } }];
    }
    case 'apply_patch_call':
      // A patch that is streamed begins empty.
      return operation && operation['diff'] !== '' ? [patchCall(operation)] : [];
    case 'computer_call':
      return actionsOf(item).map(([, each]) => ({
        name: COMPUTER_TOOL,
        arguments: each as { [key: string]: CallValue },
      }));
    default:
      return [];
  }
}
