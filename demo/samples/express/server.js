import { trace } from '@opentelemetry/api';
import express from 'express';
import OpenAI from 'openai';

const client = new OpenAI();
const tracer = trace.getTracer('sample-express');
const app = express();
app.use(express.json());

app.post('/ask', (request, response) =>
  tracer.startActiveSpan('POST /ask', async (span) => {
    const completion = await client.chat.completions.create({
      model: 'small',
      messages: [{ role: 'user', content: request.body.question }],
    });
    response.json({ answer: completion.choices[0].message.content });
    span.end();
  }),
);

app.listen(process.env.PORT ?? 3000);
