import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createUpstreams, staticList } from '@facet/routing';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { expect, jest, test } from '@jest/globals';
import { contract } from '../src/index.js';
import { contractIn, operationOf } from './described.js';
import { workspaceTree } from './tree.js';

jest.setTimeout(120_000);

const descriptions = fileURLToPath(new URL('descriptions/', import.meta.url));

const deadline = () => ({ deadline: performance.now() + 20_000, signal: new AbortController().signal });

test('a service that speaks HTTP is called by the contract that was written from its description', async () => {
  const tree = await workspaceTree();
  await contract(tree, { name: 'petstore', from: `openapi:${descriptions}oai/petstore-expanded.yaml` });
  const petstore = await contractIn(tree, 'petstore');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      asked.push(`${request.method} ${request.url} ${body}`.trim());
      if (request.method === 'DELETE') return response.writeHead(204).end();
      const pet = { id: 7, name: 'Rex', owner: 'kept back' };
      const answer = request.url?.startsWith('/v2/pets?') ? [pet] : pet;
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const upstreams = createUpstreams({
    petstore: { kind: 'http', discovery: staticList(`127.0.0.1:${port}`) },
  });
  try {
    const call = upstreams.bind({});
    const answers = [
      await call(operationOf(petstore, 'findPets'), { tags: ['a', 'b c'], limit: 2 }, deadline()),
      await call(operationOf(petstore, 'addPet'), { name: 'Rex' }, deadline()),
      await call(operationOf(petstore, 'findPetById'), { id: 7 }, deadline()),
      await call(operationOf(petstore, 'deletePet'), { id: 7 }, deadline()),
    ];
    const pet = { id: 7, name: 'Rex' };
    expect(answers.map(({ value }) => value)).toEqual([[pet], pet, pet, undefined]);
    expect(asked.filter((each) => !each.startsWith('HEAD'))).toEqual([
      'GET /v2/pets?tags=a&tags=b%20c&limit=2',
      'POST /v2/pets {"name":"Rex"}',
      'GET /v2/pets/7',
      'DELETE /v2/pets/7',
    ]);
    await expect(call(operationOf(petstore, 'findPetById'), { id: 'x' }, deadline())).rejects.toMatchObject({
      code: 'input.invalid',
    });
  } finally {
    await upstreams.close();
    server.close();
  }
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

const STOCK = `
import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { of } from 'rxjs';
import type { Observable } from 'rxjs';

export class FindDto { ids!: string[]; }
export class Level { id!: string; left!: number; checkedAt?: Date; }

@Controller()
export class StockController {
  @MessagePattern({ cmd: 'levels', v: 1 })
  getLevels(@Payload() { ids }: FindDto): Observable<Level[]> {
    return of(ids.map((id) => ({ id, left: id.length, checkedAt: new Date(0), secret: 's' })));
  }

  @MessagePattern('stock.forget')
  async forget(@Payload('id') id: string): Promise<void> {
    await Promise.resolve(id);
  }
}

@Module({ controllers: [StockController] })
export class StockModule {}
`;

test('a stock Nest service is called by the contract that was written from its sources', async () => {
  const tree = await workspaceTree();
  const folder = join(tree.root, 'services/stock');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'stock.ts'), STOCK);
  await contract(tree, { name: 'stock', from: 'nest:./services/stock' });
  const stock = await contractIn(tree, 'stock');
  const { StockModule } = (await import(pathToFileURL(join(folder, 'stock.ts')).href)) as {
    StockModule: new () => unknown;
  };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(StockModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: 0 },
    logger: false,
  });
  await app.listen();
  const { port } = app.unwrap<{ address(): AddressInfo }>().address();
  const upstreams = createUpstreams({ stock: { discovery: staticList(`127.0.0.1:${port}`) } });
  try {
    const call = upstreams.bind({});
    const levels = await call(operationOf(stock, 'levels'), { ids: ['ab'] }, deadline());
    expect(levels.value).toEqual([{ id: 'ab', left: 2, checkedAt: '1970-01-01T00:00:00.000Z' }]);
    const forgotten = await call(operationOf(stock, 'forget'), { id: 'ab' }, deadline());
    expect(forgotten.value).toBeUndefined();
  } finally {
    await upstreams.close();
    await app.close();
  }
});
