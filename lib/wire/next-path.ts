/**
 * Where to go after login, from `?next=`: a path of this site, or "/" for anything else. A browser reads "//x", "/\x" and "/<tab>/x" as another
 * site's address, so only printable characters are taken and never a second slash in front.
 */
export function nextPath(value: string | null | undefined): string {
  if (!value || value.length > 2000 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value)) return "/";
  // Going back to where one logs in would be a circle.
  return /^\/(login|setup)([/?#]|$)/.test(value) ? "/" : value;
}
