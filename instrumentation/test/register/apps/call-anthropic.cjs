const { Anthropic } = require('@anthropic-ai/sdk');

// The wire is not what this is about: the answer comes from here.
const body = { id: 'm', type: 'message', role: 'assistant', model: 'stub-1', content: [], stop_reason: 'end_turn' };
const fetch = () =>
  Promise.resolve(new globalThis.Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }));
const client = new Anthropic({ apiKey: 'test', fetch, maxRetries: 0 });
client.messages
  .create({ model: 'stub', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] })
  .then((answer) => console.log(answer.model));
