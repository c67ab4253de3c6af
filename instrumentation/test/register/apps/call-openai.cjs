const { OpenAI } = require('openai');

const client = new OpenAI({ apiKey: 'test', baseURL: process.env.STUB_URL, maxRetries: 0 });
client.chat.completions
  .create({ model: 'stub', messages: [{ role: 'user', content: 'hi' }] })
  .then((answer) => console.log(answer.model));
