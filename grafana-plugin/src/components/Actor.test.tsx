import { render } from '@testing-library/react';
import React from 'react';
import { Actor } from './Actor';

it.each([
  ['grafana:editor', 'grafana:editor'],
  ['agent:assistant/1', 'agent:assistant/1'],
  ['agent:assistant/526f9d572ec4dbc0d7a7123ec1c115f9', 'agent:assistant/526f9d572ec4'],
])('%s reads %s', (name, text) => {
  const { container } = render(<Actor name={name} />);
  expect(container).toHaveTextContent(new RegExp(`^${text}$`));
});

it('has the whole id of a process in its title', () => {
  const name = 'assistant/526f9d572ec4dbc0d7a7123ec1c115f9';
  const { getByTitle } = render(<Actor name={name} />);
  expect(getByTitle(name)).toBeInTheDocument();
});
