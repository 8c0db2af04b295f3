import { Controller } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Implements, type ServiceContext } from '@facet/service';
import { accounts } from '@facet/shop-accounts';
import { ApiKeys } from './api-keys.js';

@Controller()
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Implements(accounts.apiKeyByHash)
  async apiKeyByHash({ hash }: ParsedInputOf<typeof accounts.apiKeyByHash>) {
    return { key: await this.keys.byHash(hash) };
  }

  @Implements(accounts.apiKeys)
  async apiKeys({ partner }: ParsedInputOf<typeof accounts.apiKeys>) {
    return { items: await this.keys.list(partner) };
  }

  @Implements(accounts.issueApiKey)
  issueApiKey(input: ParsedInputOf<typeof accounts.issueApiKey>, context: ServiceContext) {
    return this.keys.issue(input, context);
  }

  @Implements(accounts.rotateApiKey)
  rotateApiKey(input: ParsedInputOf<typeof accounts.rotateApiKey>, context: ServiceContext) {
    return this.keys.rotate(input, context);
  }

  @Implements(accounts.revokeApiKey)
  revokeApiKey(input: ParsedInputOf<typeof accounts.revokeApiKey>, context: ServiceContext) {
    return this.keys.revoke(input, context);
  }
}
