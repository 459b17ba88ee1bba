// Keys and receipt codes made on the phone, before any network; forum/submissions/receipt.py explains the code.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const N_RANDOM = 13;
const FIELD_POLYNOMIAL = 0b100101;

const randomBytes = (n) => [...crypto.getRandomValues(new Uint8Array(n))];

export function newReceipt() {
  const random = randomBytes(N_RANDOM).map((byte) => ALPHABET[byte & 31]).join('');
  return random + checkCharacter(random);
}

export function checkCharacter(random) {
  let total = 0;
  for (const character of random) {
    total = (total ^ ALPHABET.indexOf(character)) << 1;
    if (total > 31) total ^= FIELD_POLYNOMIAL;
  }
  return ALPHABET[total];
}

// Groups that can be read aloud.
export const groups = (code) => [code.slice(0, 4) + '-', code.slice(4, 9) + '-', code.slice(9)];

// A UUID of version 4. crypto.randomUUID is missing on plain http.
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
