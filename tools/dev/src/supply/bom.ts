import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import type { Shipped } from './shipped.js';

/** The bill of materials of an app, as CycloneDX 1.6 in JSON; the same each time for the same lock file. */
export function billOfMaterials(app: string, shipped: readonly Shipped[]): string {
  const components = new Map(shipped.map((each) => [each.folder, componentOf(each)]));
  for (const { folder, needs } of shipped) {
    for (const needed of needs) {
      const to = components.get(needed);
      if (to !== undefined) components.get(folder)?.dependencies.add(to.bomRef);
    }
  }
  const own = components.get(`apps/${app}`);
  const bom = new Models.Bom({
    components: new Models.ComponentRepository([...components.values()].filter((each) => each !== own)),
  });
  if (own !== undefined) {
    own.type = Enums.ComponentType.Application;
    bom.metadata.component = own;
  }
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 2 });
}

function componentOf({ name, version, folder, integrity, license, isOwn }: Shipped): Models.Component {
  const [group, short] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const component = new Models.Component(Enums.ComponentType.Library, short ?? name, {
    ...(group === undefined ? {} : { group }),
    version,
    bomRef: folder,
    licenses: new Models.LicenseRepository(
      license === undefined ? [] : [new Models.LicenseExpression(license)],
    ),
  });
  if (isOwn) return component;
  component.purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const [algorithm, digest] = integrity?.split('-', 2) ?? [];
  if (algorithm === 'sha512' && digest !== undefined)
    component.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex'));
  return component;
}
