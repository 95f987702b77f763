#include "adapters/slack/signing.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "adapters/slack/form.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::slack {
namespace {

constexpr std::chrono::seconds kWindow{300};
constexpr std::string_view kVersion = "v0=";
constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kTimestampDigits = 12;
using Hex = std::array<char, kDigestBytes * 2>;

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Mac = std::unique_ptr<EVP_MAC, FreeMac>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

// Header names come in any case; `name` is lower case.
bool is_named(std::string_view header, std::string_view name) {
  return header.size() == name.size() && std::equal(header.begin(), header.end(), name.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
         });
}

// A doubled header is no header: a proxy and we might each read another one.
std::optional<std::string_view> only_header(const http::Headers& headers, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [key, value] : headers) {
    if (!is_named(key, name)) continue;
    if (found) return std::nullopt;
    found = value;
  }
  return found;
}

bool has_header(const http::Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [name](const auto& h) { return is_named(h.first, name); });
}

std::optional<std::int64_t> parse_timestamp(std::string_view digits) {
  bool plain = !digits.empty() && digits.size() <= kTimestampDigits &&
               std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  std::int64_t seconds = 0;
  if (!plain) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  return seconds;
}

bool media_type_is_form(const http::Headers& headers) {
  auto type = http::header(headers, "content-type");
  return text::lower_ascii(text::trim(type.substr(0, type.find(';')))) == "application/x-www-form-urlencoded";
}

bool is_probe(const http::Headers& headers, std::string_view body) {
  // Most bodies are seen to be something else without being taken apart.
  if (body.find("ssl_check") == std::string_view::npos || !media_type_is_form(headers)) return false;
  auto form = parse_form(body);
  return form && field(*form, "ssl_check") == "1";
}

Hex to_hex(const std::array<unsigned char, kDigestBytes>& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Hex out{};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    out.at(2 * i) = kDigits[digest.at(i) >> 4U];
    out.at(2 * i + 1) = kDigits[digest.at(i) & 0xFU];
  }
  return out;
}

const unsigned char* bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

}  // namespace

struct Verifier::Key {
  MacContext mac_context;  // keyed once, begun anew for each check

  std::optional<Hex> sign(std::string_view timestamp, std::string_view body) const {
    auto* mac = mac_context.get();
    std::array<unsigned char, kDigestBytes> digest{};
    std::size_t size = 0;
    bool ok = EVP_MAC_init(mac, nullptr, 0, nullptr) == 1 && EVP_MAC_update(mac, bytes("v0:"), 3) == 1 &&
              EVP_MAC_update(mac, bytes(timestamp), timestamp.size()) == 1 && EVP_MAC_update(mac, bytes(":"), 1) == 1 &&
              EVP_MAC_update(mac, bytes(body), body.size()) == 1 &&
              EVP_MAC_final(mac, digest.data(), &size, digest.size()) == 1 && size == digest.size();
    if (!ok) return std::nullopt;
    return to_hex(digest);
  }
};

Result<Verifier> Verifier::make(const std::vector<config::Secret>& secrets) {
  if (secrets.empty()) return Error(ErrorKind::bad_input, "Slack over HTTP needs slack.signing_secrets");
  Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  std::string hash = "SHA256";
  std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash.data(), hash.size()), OSSL_PARAM_construct_end()};
  Verifier out;
  for (const auto& secret : secrets) {
    if (secret.empty()) return Error(ErrorKind::bad_input, "a Slack signing secret is empty");
    MacContext context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
    const auto& text = secret.reveal();
    if (!context || EVP_MAC_init(context.get(), bytes(text), text.size(), parameters.data()) != 1)
      return Error(ErrorKind::internal, "HMAC-SHA256 is not available");
    out.keys_.push_back(std::make_shared<const Key>(Key{std::move(context)}));
  }
  return out;
}

Proof Verifier::check(const http::Headers& headers, std::string_view body, Moment now) const {
  if (has_header(headers, "content-encoding")) return Proof::rejected;
  if (!has_header(headers, "x-slack-signature")) return is_probe(headers, body) ? Proof::ssl_check : Proof::rejected;
  auto signature = only_header(headers, "x-slack-signature");
  auto timestamp = only_header(headers, "x-slack-request-timestamp");
  if (!signature || !timestamp || !signature->starts_with(kVersion)) return Proof::rejected;
  auto claimed = signature->substr(kVersion.size());
  auto seconds = parse_timestamp(*timestamp);
  if (!seconds || claimed.size() != Hex{}.size()) return Proof::rejected;
  bool matches = false;
  for (const auto& key : keys_) {
    auto expected = key->sign(*timestamp, body);
    if (expected && CRYPTO_memcmp(expected->data(), claimed.data(), expected->size()) == 0) matches = true;
  }
  // Two-sided (design: reliability P12), and after the MAC, so that an answer's time tells nothing.
  auto skew = now - Moment(std::chrono::seconds(*seconds));
  auto second = std::chrono::floor<std::chrono::seconds>(now) - Moment(std::chrono::seconds(*seconds));
  if (!matches || second > kWindow || skew < -kWindow) return Proof::rejected;
  return is_probe(headers, body) ? Proof::ssl_check : Proof::accepted;
}

}  // namespace broadsheet::slack
