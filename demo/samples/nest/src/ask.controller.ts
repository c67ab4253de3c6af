import { Body, Controller, Post } from '@nestjs/common';
import { AskService } from './ask.service';

@Controller()
export class AskController {
  constructor(private readonly service: AskService) {}

  @Post('ask')
  async ask(@Body() { question }: { question: string }): Promise<{ answer: string | null }> {
    return { answer: await this.service.ask(question) };
  }
}
