#include "bot/pages/replies.hpp"

#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"

namespace broadsheet::pages {
namespace {

// No script anywhere, nothing from elsewhere; the style sheet is inside the page.
constexpr const char* kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

std::string etag_of(const std::string& body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, body.data(), body.size(), digest.data(), &size) != 1) return {};
  std::string out = "\"";
  for (std::size_t i = 0; i < 16; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4];
    out += "0123456789abcdef"[digest[i] & 15];
  }
  return out + "\"";
}

// RFC 9110 13.1.2: weak comparison.
bool has_it(std::string_view if_none_match, std::string_view etag) {
  for (auto part : text::split(if_none_match, ',')) {
    auto candidate = text::trim(part);
    if (candidate.starts_with("W/")) candidate.remove_prefix(2);
    if (candidate == etag || candidate == "*") return true;
  }
  return false;
}

const char* code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return "bad_input";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::not_allowed:
      return "not_allowed";
    default:
      return "unavailable";
  }
}

}  // namespace

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return 400;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::not_allowed:
      return 403;
    case ErrorKind::internal:
    case ErrorKind::corrupt:
      return 500;
    default:
      return 503;
  }
}

http::ServerResponse html(std::string body, int status) {
  return {status, "text/html; charset=utf-8", std::move(body), {}};
}

http::ServerResponse json(std::string body, int status) {
  return {status, "application/json", std::move(body), {}};
}

http::ServerResponse json_error(const Error& error) {
  auto status = status_of(error.kind());
  // Inner failures are told to the log, not to the reader.
  std::string message = status >= 500 ? "This cannot be answered just now." : error.what();
  nlohmann::ordered_json body{{"error", {{"code", code_of(error.kind())}, {"message", message}}}};
  return json(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n", status);
}

http::ServerResponse finish(http::ServerResponse response, const http::Headers& asked) {
  response.headers.emplace_back("Content-Security-Policy", kPolicy);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  if (response.status != 200) return response;
  auto etag = etag_of(response.body);
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Cache-Control", "no-cache");
  if (has_it(http::header(asked, "If-None-Match"), etag)) {
    response.status = 304;
    response.body.clear();
  }
  return response;
}

}  // namespace broadsheet::pages
