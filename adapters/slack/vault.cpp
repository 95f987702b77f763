#include "adapters/slack/vault.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <memory>

namespace broadsheet::slack {
namespace {

constexpr std::size_t kNonce = 12, kTag = 16, kKey = 32;
constexpr std::string_view kPurpose = "broadsheet slack installation v1";

using Key = std::array<unsigned char, kKey>;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

unsigned char* bytes(std::string& s) {
  return reinterpret_cast<unsigned char*>(s.data());
}
const unsigned char* bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}
int length(std::string_view s) {
  return static_cast<int>(s.size());
}

// The secret is a text of any length; the cipher wants 32 bytes of its own.
std::optional<Key> derive(const config::Secret& secret) {
  Key key{};
  unsigned size = 0;
  const auto& text = secret.reveal();
  const auto* made = HMAC(EVP_sha256(), text.data(), length(text), bytes(kPurpose), kPurpose.size(), key.data(), &size);
  if (secret.empty() || made == nullptr || size != key.size()) return std::nullopt;
  return key;
}

std::string hex(std::string_view raw) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (char c : raw) {
    auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

std::optional<unsigned> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  return std::nullopt;
}

std::optional<std::string> unhex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    auto high = digit(text[i]), low = digit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16U + *low);
  }
  return out;
}

}  // namespace

std::optional<std::string> seal(const config::Secret& key, std::string_view name, std::string_view secret) {
  auto derived = derive(key);
  std::string nonce(kNonce, '\0'), out(secret.size(), '\0'), tag(kTag, '\0');
  if (!derived || RAND_bytes(bytes(nonce), length(nonce)) != 1) return std::nullopt;
  Context context(EVP_CIPHER_CTX_new());
  int size = 0, last = 0;
  bool ok = context &&
            EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, derived->data(), bytes(nonce)) == 1 &&
            EVP_EncryptUpdate(context.get(), nullptr, &size, bytes(name), length(name)) == 1 &&
            EVP_EncryptUpdate(context.get(), bytes(out), &size, bytes(secret), length(secret)) == 1 &&
            EVP_EncryptFinal_ex(context.get(), bytes(tag), &last) == 1 &&
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTag), tag.data()) == 1;
  if (!ok) return std::nullopt;
  return hex(nonce + tag + out);
}

std::optional<std::string> unseal(const config::Secret& key, std::string_view name, std::string_view sealed) {
  auto derived = derive(key);
  auto raw = unhex(sealed);
  if (!derived || !raw || raw->size() < kNonce + kTag) return std::nullopt;
  std::string nonce = raw->substr(0, kNonce), tag = raw->substr(kNonce, kTag), closed = raw->substr(kNonce + kTag);
  std::string out(closed.size(), '\0'), rest(kTag, '\0');
  Context context(EVP_CIPHER_CTX_new());
  int size = 0, last = 0;
  bool ok = context &&
            EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, derived->data(), bytes(nonce)) == 1 &&
            EVP_DecryptUpdate(context.get(), nullptr, &size, bytes(name), length(name)) == 1 &&
            EVP_DecryptUpdate(context.get(), bytes(out), &size, bytes(std::string_view(closed)), length(closed)) == 1 &&
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTag), tag.data()) == 1 &&
            EVP_DecryptFinal_ex(context.get(), bytes(rest), &last) == 1;
  if (!ok) return std::nullopt;
  return out;
}

std::string random_token() {
  std::string raw(kKey, '\0');
  if (RAND_bytes(bytes(raw), length(raw)) != 1) return {};
  return hex(raw);
}

}  // namespace broadsheet::slack
