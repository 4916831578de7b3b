import type { LockedBase } from './lock.ts';

/** How a lock names a base image: by its registry's digest, by the id that the engine has it by, or by its suite. */
export function lockedBase(
  ref: string,
  { id, digests }: { readonly id: string; readonly digests: readonly string[] },
  made: { readonly ref: string; readonly suite: string } | undefined,
): LockedBase {
  if (ref === made?.ref) return { suite: made.suite };
  const digest = digests.find((one) => repositoryOf(one) === repositoryOf(ref))?.split('@')[1];
  return digest === undefined ? { image: ref, id } : { image: ref, digest };
}

/** A reference without its tag and digest, as engines shorten it: "debian", "registry.example:5000/team/shop". */
export function repositoryOf(ref: string): string {
  const name = ref.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return name.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');
}
