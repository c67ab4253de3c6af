import type { UseQueryResult } from '@tanstack/react-query';
import { act, render, screen } from '@testing-library/react';
import React from 'react';
import { QueryView } from './QueryView';

interface State {
  data?: string;
  isPending?: boolean;
  isFetching?: boolean;
  dataUpdatedAt?: number;
}
const view = (state: State) => {
  const first = { data: undefined, error: null, isPending: true, isFetching: true, dataUpdatedAt: 0 };
  return (
    <QueryView query={{ ...first, ...state } as UseQueryResult<string, Error>}>{(text) => <p>{text}</p>}</QueryView>
  );
};
const wait = (milliseconds: number) => act(() => jest.advanceTimersByTime(milliseconds));
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('says when the first answer lets people wait, until it is there', () => {
  const { rerender } = render(view({}));
  wait(4900);
  expect(screen.getByText('Loading…')).toBeInTheDocument();
  expect(screen.queryByText('The evaluator has not answered yet')).toBeNull();
  wait(200);
  expect(screen.getByText('The evaluator has not answered yet')).toBeInTheDocument();
  rerender(view({ data: 'the answer', isPending: false, isFetching: false }));
  expect(screen.getByText('the answer')).toBeInTheDocument();
  expect(screen.queryByText(/has not answered/)).toBeNull();
});

it('shows what is known, and since when, while a later answer lets people wait', () => {
  const known = { data: 'the answer', isPending: false, dataUpdatedAt: 1_700_000_000_000 };
  const { rerender } = render(view(known));
  wait(5100);
  expect(screen.getByText('the answer')).toBeInTheDocument();
  expect(screen.getByText(/This was known at .*; the evaluator has not answered since/)).toBeInTheDocument();
  // Answers that come in time again begin anew.
  rerender(view({ ...known, isFetching: false }));
  rerender(view(known));
  wait(4900);
  expect(screen.queryByText(/has not answered/)).toBeNull();
});
