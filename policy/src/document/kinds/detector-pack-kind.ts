import { checkPack } from '../pack/check-pack.js';
import { normalisePack } from '../pack/normalise-pack.js';
import { packDocumentSchema, packJsonSchema } from '../pack/pack-schema.js';
import type { PackDocument } from '../pack/pack-schema.js';
import type { DetectorPack } from '../pack/pack-types.js';
import type { DocumentKind } from './document-kind.js';

/** `kind: DetectorPack`: word lists, canaries and patterns of the user's own. */
export const detectorPackKind: DocumentKind<DetectorPack> = {
  kind: 'DetectorPack',
  noun: 'pack',
  collection: 'packs',
  page: 'docs/detector-packs.md',
  schema: packDocumentSchema,
  jsonSchema: packJsonSchema,
  read: (shape: PackDocument) => {
    const normal = normalisePack(shape);
    return { name: normal.metadata.name, normal, identity: normal, findings: checkPack(normal) };
  },
};
