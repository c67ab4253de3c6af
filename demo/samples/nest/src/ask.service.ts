import { Injectable } from '@nestjs/common';
import OpenAI from 'openai';

@Injectable()
export class AskService {
  private readonly client = new OpenAI();

  async ask(question: string): Promise<string | null> {
    const completion = await this.client.chat.completions.create({
      model: 'small',
      messages: [{ role: 'user', content: question }],
    });
    return completion.choices[0].message.content;
  }
}
