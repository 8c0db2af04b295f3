import { startGateway } from '@facet/gateway';
import { config } from './web-bff.config.js';
import { WebBffModule } from './web-bff.module.js';

await startGateway({ module: WebBffModule, config });
