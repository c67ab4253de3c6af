import type { HeldKind, LoadedDocument } from '@guardspan/policy';
import type { DocumentKey } from '../../store/types.js';
import type { PublishInput, PublishResult } from '../deps.js';

/** Documents that are stored in one go: enough that a commit costs each of them little, few enough that all wait for one in the queue of the store. */
const MAX_GROUP = 500;

/** What is told of a change. */
export interface Change {
  key: DocumentKey;
  change: string;
  revision: string;
  /** False for what waits for an approver. */
  inForce: boolean;
}

/** A publication, and who waits for it. */
export interface Waiting {
  input: PublishInput;
  resolve: (result: PublishResult) => void;
  reject: (error: unknown) => void;
}

type Write = () => Promise<Change & { result: PublishResult }>;

/** What {@link publishTogether} asks of the document service. */
export interface Publishing {
  /** Throws for what cannot be read. */
  read(input: PublishInput): LoadedDocument<HeldKind>;
  /** Throws for what is refused. */
  prepare(input: PublishInput, document: LoadedDocument<HeldKind>): PublishResult | Write;
  pause(): Promise<void> | undefined;
  /** Told what was stored together, before anybody who waits. */
  done(changes: readonly Change[]): void;
}

/**
 * Publishes in order, as one after the other would be, and stores guard-rails together: none of them is about another one. What others refer to is stored by
 * itself, and so is the second change of one document. One that is refused, or cannot be stored, stops none of the others. Never rejects.
 */
export async function publishTogether(all: readonly Waiting[], publishing: Publishing): Promise<void> {
  let group: { waiting: Waiting; write: Write }[] = [];
  const names = new Set<string>();
  const store = async (): Promise<void> => {
    const stored = group;
    group = [];
    names.clear();
    await storeGroup(stored, publishing);
  };
  for (const waiting of all) {
    try {
      await publishing.pause();
      const document = publishing.read(waiting.input);
      const alone = document.kind !== 'Guardrail';
      if (alone || names.has(document.name) || group.length >= MAX_GROUP) await store();
      const ready = publishing.prepare(waiting.input, document);
      if (!(ready instanceof Function)) {
        waiting.resolve(ready);
        continue;
      }
      group.push({ waiting, write: ready });
      names.add(document.name);
      if (alone) await store();
    } catch (error) {
      waiting.reject(error);
    }
  }
  await store();
}

async function storeGroup(
  group: readonly { waiting: Waiting; write: Write }[],
  { done }: Pick<Publishing, 'done'>,
): Promise<void> {
  const stored = await Promise.allSettled(group.map(({ write }) => write()));
  try {
    done(stored.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  } catch (error) {
    for (const { waiting } of group) waiting.reject(error);
    return;
  }
  stored.forEach((one, index) => {
    const { waiting } = group[index]!;
    if (one.status === 'fulfilled') waiting.resolve(one.value.result);
    else waiting.reject(one.reason);
  });
}
