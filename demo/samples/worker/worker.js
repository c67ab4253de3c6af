// Takes questions from standard input, one a line, as a queue would hand them over, and ends when there are no more.
import { createInterface } from 'node:readline';
import OpenAI from 'openai';

const client = new OpenAI();

for await (const question of createInterface({ input: process.stdin })) {
  const completion = await client.chat.completions.create({
    model: 'small',
    messages: [{ role: 'user', content: question }],
  });
  console.log(completion.choices[0].message.content);
}
