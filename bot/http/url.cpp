#include "bot/http/url.hpp"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <optional>

#include "bot/base/text.hpp"

namespace broadsheet::http {
namespace {

namespace urls = boost::urls;

Error bad(std::string what) {
  return Error(ErrorKind::bad_input, std::move(what));
}

// Host names as DNS and /etc/hosts know them; anything else (percent-encoded, not ASCII) is refused.
bool plain_host(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == ':';
  });
}

bool acceptable(std::string_view decoded) {
  return decoded.find('\0') == std::string_view::npos && text::is_valid_utf8(decoded);
}

std::string_view view(boost::core::string_view s) {
  return {s.data(), s.size()};
}

// "/slack/command", "/p/2401.12345": nothing to decode, no empty segment, no query. Most requests are for such.
std::optional<Target> parse_plain_path(std::string_view text) {
  if (text.size() < 2 || text[0] != '/' || text.back() == '/' || text.find("//") != std::string_view::npos)
    return std::nullopt;
  bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c == '/' || urls::unreserved_chars(c); });
  if (!plain) return std::nullopt;
  Target out;
  out.path = text;
  for (auto segment : text::split(text.substr(1), '/')) out.segments.emplace_back(segment);
  return out;
}

bool has_raw_bytes(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x80; });
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (unsigned char c : text) {
    if (c < 0x80)
      out += static_cast<char>(c);
    else
      out += std::string("%") + kHex[c >> 4U] + kHex[c & 15U];
  }
  return out;
}

// Of the absolute form, what the origin form would be (RFC 9112 3.2.2: a server accepts it); anything else as it is.
std::string without_authority(std::string_view text) {
  auto lower = text::lower_ascii(text.substr(0, 8));
  auto skip = lower.starts_with("http://") ? 7U : lower.starts_with("https://") ? 8U : 0U;
  if (skip == 0) return std::string(text);
  auto rest = text.substr(skip);
  auto path = rest.find_first_of("/?");
  if (path == 0) return std::string(text);  // no host
  if (path == std::string_view::npos) return "/";
  return (rest[path] == '?' ? "/" : "") + std::string(rest.substr(path));
}

}  // namespace

std::string Url::authority() const {
  auto shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  auto usual = tls() ? 443 : 80;
  return port == usual ? shown : shown + ":" + std::to_string(port);
}

std::string Url::origin() const {
  return scheme + "://" + authority();
}

Result<Url> parse_url(std::string_view text) {
  auto parsed = urls::parse_uri({text.data(), text.size()});
  if (!parsed) return bad("not an absolute URL");
  const auto& v = *parsed;
  Url url;
  url.scheme = text::lower_ascii(view(v.scheme()));
  if (url.scheme != "http" && url.scheme != "https") return bad("the scheme must be http or https");
  if (v.has_userinfo()) return bad("a URL here carries no user name or password");
  if (v.has_fragment()) return bad("a URL here carries no fragment");
  url.host =
      text::lower_ascii(v.host_type() == urls::host_type::ipv6 ? view(v.host_address()) : view(v.encoded_host()));
  if (!plain_host(url.host)) return bad("the host name is empty or malformed");
  url.port = url.tls() ? 443 : 80;
  if (v.has_port() && !v.port().empty()) {
    auto port = view(v.port());
    // Not port_number(): it wraps around above 65535.
    if (std::from_chars(port.data(), port.data() + port.size(), url.port).ec != std::errc() || url.port == 0)
      return bad("the port must be 1 to 65535");
  }
  url.target = view(v.encoded_path());
  if (url.target.empty()) url.target = "/";
  if (v.has_query()) url.target += "?" + std::string(view(v.encoded_query()));
  return url;
}

std::string percent_encode(std::string_view text) {
  return urls::encode(text, urls::unreserved_chars);
}

std::string encode_query(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string out;
  for (const auto& [key, value] : parameters) {
    if (!out.empty()) out += '&';
    out += percent_encode(key) + "=" + percent_encode(value);
  }
  return out;
}

bool percent_decode(std::string_view text, std::string& out) {
  auto checked = urls::make_pct_string_view({text.data(), text.size()});
  if (!checked) return false;
  out = checked->decode();
  return true;
}

Result<Target> parse_target(std::string_view text) {
  std::string own;
  if (!text.starts_with('/') || has_raw_bytes(text)) {
    own = escaped(without_authority(text));
    text = own;
  }
  if (auto plain = parse_plain_path(text)) return std::move(*plain);
  auto parsed = urls::parse_origin_form({text.data(), text.size()});
  if (!parsed) return bad("not a path");
  Target target;
  target.path = parsed->path();
  if (!acceptable(target.path)) return bad("the path is not valid text");
  for (const auto& segment : parsed->segments()) target.segments.emplace_back(segment);
  urls::encoding_opts form;
  form.space_as_plus = true;
  for (const auto& parameter : parsed->params(form)) {
    if (!acceptable(parameter.key) || !acceptable(parameter.value)) return bad("the query is not valid text");
    target.query.emplace_back(parameter.key, parameter.value);
  }
  return target;
}

}  // namespace broadsheet::http
