import { type FileResult, type RunFileOptions, runFile } from './run-file.ts'

/**
 * Runs test files, `jobs` at a time, in the order given. `onResult` is told of each as it ends.
 */
export const runFiles = async (
  files: readonly string[],
  options: RunFileOptions & { jobs: number; onResult(result: FileResult): void },
): Promise<FileResult[]> => {
  const results: FileResult[] = []
  const queue = [...files]
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(file, options)
      results.push(result)
      options.onResult(result)
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, work))
  return results
}
