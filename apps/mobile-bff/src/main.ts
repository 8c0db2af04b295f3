import { startGateway } from '@facet/gateway';
import { config } from './mobile-bff.config.js';
import { MobileBffModule } from './mobile-bff.module.js';

await startGateway({ module: MobileBffModule, config });
