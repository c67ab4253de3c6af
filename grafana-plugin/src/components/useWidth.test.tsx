import { act, render, screen } from '@testing-library/react';
import React from 'react';
import { useWidth } from './useWidth';

it('measures an element that is there only later, and again after it was gone', () => {
  const observed: Array<(width: number) => void> = [];
  global.ResizeObserver = class {
    constructor(tell: (entries: Array<{ contentRect: { width: number } }>) => void) {
      observed.push((width) => tell([{ contentRect: { width } }]));
    }
    observe() {}
    disconnect() {}
  } as unknown as typeof ResizeObserver;
  function Measured({ shown }: { shown: boolean }) {
    const [ref, width] = useWidth();
    return shown ? <div ref={ref}>{width}</div> : null;
  }
  const { rerender } = render(<Measured shown={false} />);
  for (const width of [120.7, 300]) {
    rerender(<Measured shown />);
    act(() => observed.at(-1)?.(width));
    expect(screen.getByText(String(Math.floor(width)))).toBeInTheDocument();
    rerender(<Measured shown={false} />);
  }
});
