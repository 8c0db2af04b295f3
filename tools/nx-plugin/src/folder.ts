import type { Tree } from '@nx/devkit';

/** The files of a folder and of those in it. */
export function filesIn(tree: Tree, folder: string): readonly string[] {
  return tree.children(folder).flatMap((child) => {
    const path = `${folder}/${child}`;
    return tree.isFile(path) ? [path] : filesIn(tree, path);
  });
}

/**
 * Deletes a folder file by file: a tree of Nx forgets that a whole folder was deleted once a file is written to it, and
 * everything that was in there would be back.
 */
export function deleteFolder(tree: Tree, folder: string): void {
  for (const file of filesIn(tree, folder)) tree.delete(file);
  tree.delete(folder);
}
