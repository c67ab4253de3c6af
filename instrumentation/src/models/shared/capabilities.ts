import type { ActionType, InlinePoint } from '@guardspan/policy/runtime';
import type { SiteDeclaration } from '../../guard/types.js';

const AT_REQUEST: readonly ActionType[] = ['deny', 'shutdown', 'throttle', 'redact', 'rewrite', 'reroute', 'annotate'];
/** An answer that is complete before the application sees any of it can still be withheld or changed. */
const AT_RESPONSE: readonly ActionType[] = ['deny', 'shutdown', 'redact', 'rewrite', 'annotate'];
/** Once a stream has ended, the application has read it. */
const AT_STREAM_END: readonly ActionType[] = ['annotate'];

/** What has not been released yet can be withheld or changed; an answer that is not streamed is one chunk. */
const AT_CHUNK: readonly ActionType[] = ['deny', 'redact', 'rewrite', 'annotate'];

const COMPLETE: Record<InlinePoint, readonly ActionType[]> = {
  request: AT_REQUEST,
  chunk: AT_CHUNK,
  response: AT_RESPONSE,
};
const STREAMED: Record<InlinePoint, readonly ActionType[]> = {
  request: AT_REQUEST,
  chunk: AT_CHUNK,
  response: AT_STREAM_END,
};

/** What can be done with one call of the client. */
export function actionsFor(streamed: boolean): Record<InlinePoint, readonly ActionType[]> {
  return streamed ? STREAMED : COMPLETE;
}

/** What can be done with one call whose model cannot be exchanged. */
export function withoutReroute(streamed: boolean): Record<InlinePoint, readonly ActionType[]> {
  const can = actionsFor(streamed);
  return { ...can, request: can.request.filter((each) => each !== 'reroute') };
}

/** What a patched client of this family says about itself. */
export function siteOf(client: string, version: string): SiteDeclaration {
  return {
    client,
    version,
    model: '*',
    modelVersion: '',
    capabilities: [
      { at: 'request', actions: [...AT_REQUEST], streamed: false },
      { at: 'request', actions: [...AT_REQUEST], streamed: true },
      { at: 'chunk', actions: [...AT_CHUNK], streamed: false },
      { at: 'chunk', actions: [...AT_CHUNK], streamed: true },
      { at: 'response', actions: [...AT_RESPONSE], streamed: false },
      { at: 'response', actions: [...AT_STREAM_END], streamed: true },
    ],
  };
}
