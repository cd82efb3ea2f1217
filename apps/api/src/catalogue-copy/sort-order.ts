import { foldText } from '@beamdesk/catalogue';

/**
 * Text whose order by bytes is the order people expect of `text`: without case and accents, numbers by their value ("MX-9" before
 * "MX-10"). A number becomes its count of digits, then its digits.
 */
export function sortOrder(text: string): string {
  return foldText(text)
    .replace(/\d+/g, (digits) => {
      const significant = digits.replace(/^0+(?=\d)/, '');
      return `${String(significant.length).padStart(4, '0')}${significant}`;
    })
    .replaceAll('\0', '');
}
