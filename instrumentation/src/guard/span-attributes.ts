import * as api from '@opentelemetry/api';
import type { AttributeValue, Span } from '@opentelemetry/api';
import type { FeedAttributes } from '../feed/feed-record.js';

/** The API that knows logs comes with an SDK that takes structured attributes; the older SDK drops them, so it gets JSON. */
const STRUCTURED = 'logs' in api;

/** Sets attributes on a span in the form that the SDK of this process can take. One by one: a whole map is taken apart by the SDK at a higher price. */
export function setSpanAttributes(span: Span, attributes: FeedAttributes): void {
  for (const name in attributes) {
    const value = attributes[name]!;
    const plain =
      STRUCTURED ||
      typeof value !== 'object' ||
      (Array.isArray(value) && value.every((item) => typeof item === 'string'));
    span.setAttribute(name, (plain ? value : JSON.stringify(value)) as AttributeValue);
  }
}
