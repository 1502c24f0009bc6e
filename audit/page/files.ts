import { CustodyError } from '../../protocol/errors.ts';
import { quote } from '../../protocol/values/text.ts';
import { type Bundle, MOST_FILES } from '../verify/bundle.ts';

/** Files that were given to the page, by path. */
export type Given = ReadonlyMap<string, File>;

/** Folders within folders that are looked into. */
const MOST_LEVELS = 16;

/** A bundle of files that were given to the page. */
export const bundleOf = (files: Given): Bundle => ({
  async get(path, most) {
    const file = files.get(path);
    if (!file) return undefined;
    if (file.size > most)
      throw new CustodyError('EVIDENCE_TOO_LARGE', `${quote(path)} has ${file.size} bytes; ${most} are read.`);
    return new Uint8Array(await file.arrayBuffer());
  },
  async *list() {
    yield* files.keys();
  },
});

/** The files of a folder that was chosen, by their paths in it. */
export const chosenIn = (list: FileList): Given =>
  new Map(Array.from(list, (file) => [file.webkitRelativePath.split('/').slice(1).join('/') || file.name, file]));

/** What was dropped: the files of the one folder, or the one file. @throws CustodyError EVIDENCE_TOO_LARGE */
export async function droppedIn({ items }: DataTransfer): Promise<Given | File | undefined> {
  // The list is emptied as soon as something is waited for.
  const [handle] = Array.from(items, (item) => handleOf(item));
  const dropped = await handle;
  if (!dropped || dropped instanceof File) return dropped;
  const files = new Map<string, File>();
  if (isFolder(dropped)) await addHandles(files, dropped, []);
  else await addEntries(files, dropped, []);
  return files;
}

type Dropped = FileSystemDirectoryHandle | FileSystemDirectoryEntry;

const isFolder = (dropped: Dropped): dropped is FileSystemDirectoryHandle => dropped instanceof FileSystemHandle;

type Item = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

/** Browsers have one way or the other; the first works in a page that was opened from a file. */
async function handleOf(item: Item): Promise<Dropped | File | undefined> {
  if (item.getAsFileSystemHandle) {
    const handle = await item.getAsFileSystemHandle();
    if (handle?.kind === 'directory') return handle as FileSystemDirectoryHandle;
    return (handle as FileSystemFileHandle | null)?.getFile();
  }
  const entry = item.webkitGetAsEntry();
  return entry?.isDirectory ? (entry as FileSystemDirectoryEntry) : (item.getAsFile() ?? undefined);
}

function add(files: Map<string, File>, path: readonly string[], file: File): void {
  files.set(path.join('/'), file);
  if (files.size > 2 * MOST_FILES) throw new CustodyError('EVIDENCE_TOO_LARGE', 'There are too many files.');
}

function checkLevels(path: readonly string[]): void {
  if (path.length > MOST_LEVELS)
    throw new CustodyError('EVIDENCE_TOO_LARGE', `There are folders below ${MOST_LEVELS} others.`);
}

async function addHandles(
  files: Map<string, File>,
  folder: FileSystemDirectoryHandle,
  path: readonly string[],
): Promise<void> {
  checkLevels(path);
  for await (const [name, handle] of folder.entries())
    if (handle.kind === 'directory') await addHandles(files, handle as FileSystemDirectoryHandle, [...path, name]);
    else add(files, [...path, name], await (handle as FileSystemFileHandle).getFile());
}

async function addEntries(
  files: Map<string, File>,
  folder: FileSystemDirectoryEntry,
  path: readonly string[],
): Promise<void> {
  checkLevels(path);
  const reader = folder.createReader();
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const entry of entries)
      if (entry.isDirectory) await addEntries(files, entry as FileSystemDirectoryEntry, [...path, entry.name]);
      else add(files, [...path, entry.name], await fileOf(entry as FileSystemFileEntry));
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));
