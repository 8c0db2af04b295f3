import { startGateway } from '@facet/gateway';
import { config } from './partner-bff.config.js';
import { PartnerBffModule } from './partner-bff.module.js';

await startGateway({ module: PartnerBffModule, config });
