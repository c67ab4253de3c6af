import { EmptyState } from '@grafana/ui';
import React, { type ReactNode } from 'react';

interface Props {
  /** What is not there, as a sentence. */
  message: string;
  /** What to do next, or why that is fine. */
  children?: ReactNode;
  button?: ReactNode;
  /** Filters left nothing over, as opposed to nothing being there. */
  filtered?: boolean;
}

/** The empty state: says what is not there and what to do next. */
export function Nothing({ message, children, button, filtered = false }: Props) {
  return (
    <EmptyState variant={filtered ? 'not-found' : 'call-to-action'} hideImage message={message} button={button}>
      {children}
    </EmptyState>
  );
}
