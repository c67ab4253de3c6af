import * as api from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import type { FeedAttributes } from '../feed/feed-record.js';

/** The API that knows logs comes with an SDK that takes structured attributes; the older SDK drops them, so it gets JSON. */
const STRUCTURED = 'logs' in api;

/** Attributes as the SDK of this process can take them. */
export function spanAttributes(attributes: FeedAttributes): Attributes {
  if (STRUCTURED) return attributes as Attributes;
  const flat: Attributes = {};
  for (const name in attributes) {
    const value = attributes[name]!;
    const plain =
      typeof value !== 'object' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
    flat[name] = plain ? (value as string) : JSON.stringify(value);
  }
  return flat;
}
