import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AskController } from './ask.controller';
import { AskService } from './ask.service';

@Module({ controllers: [AskController], providers: [AskService] })
class AppModule {}

void NestFactory.create(AppModule, { logger: ['error'] }).then((app) => app.listen(process.env.PORT ?? 3000));
