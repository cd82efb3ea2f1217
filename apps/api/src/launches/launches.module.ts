import { Module } from '@nestjs/common';
import { LaunchForecast } from './launch-forecast';
import { LaunchTimes } from './launch-times';

/** How launches come up and how long they take. */
@Module({ providers: [LaunchTimes, LaunchForecast], exports: [LaunchTimes, LaunchForecast] })
export class LaunchesModule {}
