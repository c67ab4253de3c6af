import { ACTION_TYPES } from '@guardspan/policy/runtime';
import type { ChunkRewriter } from '../../src/stream/observe-stream.js';
import { callStart, guardrails, install, makeCore } from '../guard/fakes.js';
import type { Asked, Wire } from './tool-wires.js';

/** A guard-rail that cuts e-mail addresses out of an answer while it streams. */
export const REDACT_MAIL = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail }
spec:
  at: chunk
  uses: { mail: { detector: pii, on: output.text, entities: [email] } }
  when: mail.count > 0
  action: { redact: { detections: [mail] } }
  mode: enforce
`;

/** What became of a streamed answer. */
export interface Streamed {
  /** What the application got, event by event. */
  out: unknown[];
  /** Source of the arguments of each call, by position. */
  given: string[];
  refusal: ChunkRewriter['refusal'];
  problems: number;
}

/** Sends the events of a wire through its rewriter under the guard-rails of a text. */
export function streamEvents(
  wire: Pick<Wire, 'rewriter'>,
  documents: string,
  events: readonly unknown[],
  maxHeld = 8192,
): Omit<Streamed, 'given'> {
  const { core } = makeCore({ maxHeld, allow: ACTION_TYPES });
  install(core, guardrails(documents));
  const all = { request: ACTION_TYPES, chunk: ACTION_TYPES, response: ACTION_TYPES };
  const guard = core.begin(callStart({ can: all, streamed: true })).streaming()!;
  const rewriter = wire.rewriter(guard);
  const out: unknown[] = [];
  for (const event of events) {
    out.push(...rewriter.rewrite(event));
    if (rewriter.refusal) break;
  }
  if (!rewriter.refusal) out.push(...rewriter.finish());
  return { out, refusal: rewriter.refusal, problems: core.failures };
}

/** Sends an answer that calls tools through the rewriter of a wire. */
export function stream(wire: Wire, documents: string, calls: readonly Asked[], maxHeld = 8192): Streamed {
  const streamed = streamEvents(wire, documents, wire.events(calls), maxHeld);
  return { ...streamed, given: wire.given(streamed.out) };
}

/** Every way to cut a text in two, whole, and in single characters. */
export function cuts(text: string): string[][] {
  const pairs = [...text].map((_char, at) => [text.slice(0, at), text.slice(at)]).slice(1);
  return [[text], [...text], ...pairs];
}
