import { useCallback, useRef, useState } from 'react';

/** Width of an element in pixels as the layout gives it; 0 before the first layout. The element may come and go. */
export function useWidth(): [(element: HTMLElement | null) => void, number] {
  const observer = useRef<ResizeObserver>();
  const [width, setWidth] = useState(0);
  const ref = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect();
    if (element === null) {
      return;
    }
    observer.current = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.current.observe(element);
  }, []);
  return [ref, width];
}
