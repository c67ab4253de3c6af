import OpenAI from 'openai';

const client = new OpenAI();

export async function POST(request: Request): Promise<Response> {
  const { question } = await request.json();
  const completion = await client.chat.completions.create({
    model: 'small',
    messages: [{ role: 'user', content: question }],
  });
  return Response.json({ answer: completion.choices[0].message.content });
}
