import { fileURLToPath } from 'node:url'
import { globSync } from 'node:fs'
import { API } from 'typescript/unstable/sync'
import type { Node } from 'typescript/unstable/ast'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A file of the program as the compiler reads it. */
export interface ReadFile {
  /** From the root of the repository. */
  path: string
  tree: Node
}

/** Reads all of the program that matches, without its tests. */
export function readSource(pattern: string): ReadFile[] {
  const api = new API({ cwd: root })
  try {
    const [project] = api.updateSnapshot({ openProjects: [`${root}tsconfig.json`] }).getProjects()
    return globSync(pattern, { cwd: root }).filter((path) => !path.endsWith('.test.ts')).toSorted().map((path) => {
      const tree = project!.program.getSourceFile(root + path)
      if (!tree) throw new Error(`The compiler does not know ${path}`)
      return { path, tree }
    })
  } finally {
    api.close()
  }
}

/** All nodes of a tree that are of one kind, outer ones first. */
export function* nodesOf<Wanted extends Node>(tree: Node, is: (node: Node) => node is Wanted): Generator<Wanted> {
  if (is(tree)) yield tree
  const children: Node[] = []
  tree.forEachChild((child) => void children.push(child))
  for (const child of children) yield* nodesOf(child, is)
}
