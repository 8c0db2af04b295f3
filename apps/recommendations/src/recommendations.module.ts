import { Module } from '@nestjs/common';
import { RecommendationsController } from './recommendations.controller.js';
import { Recommender } from './recommender.js';

@Module({ controllers: [RecommendationsController], providers: [Recommender] })
export class RecommendationsModule {}
