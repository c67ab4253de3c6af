import fastify from 'fastify';
import OpenAI from 'openai';

const client = new OpenAI();
const app = fastify();

app.post('/ask', async (request) => {
  const completion = await client.chat.completions.create({
    model: 'small',
    messages: [{ role: 'user', content: request.body.question }],
  });
  return { answer: completion.choices[0].message.content };
});

await app.listen({ port: Number(process.env.PORT ?? 3000) });
