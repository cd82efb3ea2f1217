/** Of the picture that it shows: red, green, blue. */
export const BOOT_SECTOR_COLOUR = [0, 170, 170] as const;

/**
 * The smallest disk that boots by BIOS and shows something: one sector that sets VGA's mode 12h (640 × 480), fills the screen with colour 3,
 * and halts. `text`: it halts in text mode instead, as what does not come up.
 */
export function bootSectorDisk({ text = false } = {}): Buffer {
  const show = [
    ...[0xb8, 0x12, 0x00, 0xcd, 0x10], // mov ax, 0012h; int 10h: set the mode
    ...[0xba, 0xc4, 0x03, 0xb8, 0x02, 0x03, 0xef], // mov dx, 03c4h; mov ax, 0302h; out dx, ax: write to planes 0 and 1
    ...[0xb8, 0x00, 0xa0, 0x8e, 0xc0, 0x31, 0xff], // mov ax, a000h; mov es, ax; xor di, di
    ...[0xb0, 0xff, 0xb9, 0x00, 0x96, 0xf3, 0xaa], // mov al, ffh; mov cx, 38400; rep stosb
  ];
  const halt = [0xfa, 0xf4, 0xeb, 0xfd]; // cli; hlt; jmp to the hlt
  const disk = Buffer.alloc(1024 * 1024);
  Buffer.from([...(text ? [] : show), ...halt]).copy(disk);
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}
