#include "adapters/matrix/seal.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

namespace broadsheet::matrix {
namespace {

constexpr std::size_t kNonce = 12, kTag = 16;
constexpr std::string_view kVersion = "v1:";

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* raw(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

unsigned char* raw(std::string& s) {
  return reinterpret_cast<unsigned char*>(s.data());  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

std::array<unsigned char, EVP_MAX_MD_SIZE> key_bytes(std::string_view key) {
  auto named = "broadsheet matrix session\x1f" + std::string(key);
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  EVP_Digest(named.data(), named.size(), out.data(), &size, EVP_sha256(), nullptr);
  return out;
}

std::string hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (unsigned char c : bytes) {
    out += kDigits[c >> 4U];
    out += kDigits[c & 15U];
  }
  return out;
}

std::optional<std::string> unhex(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    auto high = kDigits.find(text[i]), low = kDigits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out += static_cast<char>(high << 4U | low);
  }
  return out;
}

}  // namespace

std::string seal(std::string_view secret, std::string_view key, const std::function<std::uint64_t()>& random) {
  std::string nonce;
  while (nonce.size() < kNonce) {
    auto word = random();
    for (int i = 0; i < 8 && nonce.size() < kNonce; ++i, word >>= 8U) nonce += static_cast<char>(word & 255U);
  }
  Context context(EVP_CIPHER_CTX_new());
  auto secret_key = key_bytes(key);
  std::string out(secret.size(), '\0'), tag(kTag, '\0');
  int size = 0;
  EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, secret_key.data(), raw(std::string_view(nonce)));
  EVP_EncryptUpdate(context.get(), raw(out), &size, raw(secret), static_cast<int>(secret.size()));
  EVP_EncryptFinal_ex(context.get(), raw(tag), &size);
  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTag, tag.data());
  return std::string(kVersion) + hex(nonce + tag + out);
}

std::optional<std::string> unseal(std::string_view sealed, std::string_view key) {
  if (!sealed.starts_with(kVersion)) return std::nullopt;
  auto bytes = unhex(sealed.substr(kVersion.size()));
  if (!bytes || bytes->size() < kNonce + kTag) return std::nullopt;
  std::string nonce = bytes->substr(0, kNonce), tag = bytes->substr(kNonce, kTag), text = bytes->substr(kNonce + kTag);
  Context context(EVP_CIPHER_CTX_new());
  auto secret_key = key_bytes(key);
  std::string out(text.size(), '\0');
  int size = 0;
  EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, secret_key.data(), raw(std::string_view(nonce)));
  EVP_DecryptUpdate(context.get(), raw(out), &size, raw(std::string_view(text)), static_cast<int>(text.size()));
  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data());
  std::array<unsigned char, kTag> rest{};
  if (EVP_DecryptFinal_ex(context.get(), rest.data(), &size) != 1) return std::nullopt;
  return out;
}

}  // namespace broadsheet::matrix
