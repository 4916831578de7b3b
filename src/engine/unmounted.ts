/**
 * The same Dockerfile for the classic builder, which knows no mounts: each RUN without its own, and no stage that only
 * mounts were taken from, as that builder runs them all. What runs finds the places empty.
 */
export function unmounted(dockerfile: string): string {
  const stages = dockerfile.replace(/(?<=^RUN )(?:--mount=\S+\s+(?:\\\n\s*)?)+/gm, '').split(/^(?=FROM )/m);
  const needed = (stage: string, at: number): boolean => {
    const name = /^FROM \S+ AS (\w+)$/m.exec(stage)?.[1];
    if (name === undefined) return true;
    const from = new RegExp(`(?:^FROM |--from=)${name}\\b`, 'm');
    return at === stages.length - 1 || stages.slice(at + 1).some((later) => from.test(later));
  };
  return stages.filter(needed).join('');
}
