import OpenAI from 'openai';

const client = new OpenAI({ apiKey: 'test', baseURL: process.env.STUB_URL, maxRetries: 0 });
const answer = await client.chat.completions.create({ model: 'stub', messages: [{ role: 'user', content: 'hi' }] });
console.log(answer.model);
