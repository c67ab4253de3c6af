import './.config/jest-setup';
import { configure } from '@testing-library/react';

// A machine that is busy must not fail a test.
configure({ asyncUtilTimeout: 20_000 });

class ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
global.ResizeObserver = ResizeObserver;

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
