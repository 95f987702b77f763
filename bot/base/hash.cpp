#include "bot/base/hash.hpp"

#include <openssl/evp.h>

#include <array>

namespace broadsheet {

std::string short_sha256(std::string_view bytes) {
  constexpr std::size_t kKept = 16;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::string out;
  for (std::size_t i = 0; i < kKept; ++i) {
    out += kDigits[digest.at(i) >> 4U];
    out += kDigits[digest.at(i) & 0xFU];
  }
  return out;
}

}  // namespace broadsheet
