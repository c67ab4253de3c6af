import './.config/jest-setup';
import { configure } from '@testing-library/react';

// A machine that is busy must not fail a test.
configure({ asyncUtilTimeout: 20_000 });

// Nothing has a size here, or scrolls.
class ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
global.ResizeObserver = ResizeObserver;
global.IntersectionObserver = ResizeObserver;

// jsdom draws nothing: every text has a width, so that lists that open beside a field can be measured.
HTMLCanvasElement.prototype.getContext = () => ({ measureText: () => ({ width: 8 }) });
Element.prototype.getBoundingClientRect = () => ({
  ...{ width: 120, height: 120, top: 0, left: 0, bottom: 0, right: 0, x: 0, y: 0 },
  toJSON: () => '',
});

// Room for every option of such a list.
for (const side of ['clientWidth', 'clientHeight']) {
  Object.defineProperty(HTMLElement.prototype, side, { configurable: true, get: () => 2000 });
}

// The code editor loads its own program at run time; in tests a text is a text. As in Grafana it keeps the handler that it was mounted with, and
// tells of a text that it was given as of one that was typed.
jest.mock('@grafana/ui', () => {
  const { createElement, useEffect, useRef } = require('react');
  const CodeEditor = ({ value, onChange, monacoOptions }) => {
    const tell = useRef(onChange);
    const shown = useRef(value);
    const changed = (text) => {
      shown.current = text;
      tell.current?.(text);
    };
    useEffect(() => {
      if (shown.current !== value) changed(value);
    }, [value]);
    const label = monacoOptions?.ariaLabel;
    return createElement('textarea', { 'aria-label': label, value, onChange: ({ target }) => changed(target.value) });
  };
  return { ...jest.requireActual('@grafana/ui'), CodeEditor };
});

// Grafana gives the app its page frame at run time.
jest.mock('@grafana/runtime', () => {
  const { createElement } = require('react');
  return {
    ...jest.requireActual('@grafana/runtime'),
    PluginPage: ({ pageNav, subTitle, actions, children }) =>
      createElement(
        'main',
        null,
        createElement('h1', null, pageNav?.text),
        createElement('p', null, subTitle),
        actions,
        children,
      ),
    PanelRenderer: () => null,
  };
});
