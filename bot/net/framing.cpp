#include "bot/net/framing.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"

namespace broadsheet::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kLongestMethod = 32;
constexpr std::size_t kVersionPart = 10;  // two spaces and "HTTP/1.1"

constexpr auto kTokenChars = [] {
  std::array<bool, 256> out{};
  for (char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    out.at(static_cast<unsigned char>(c)) = true;
  return out;
}();

bool is_token_char(char c) {
  return kTokenChars[static_cast<unsigned char>(c)];
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

bool equals_ignoring_case(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() && std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
           return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
         });
}

// A line ends with CR LF and neither occurs alone; no other control characters.
bool clean_bytes(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!is_control(bytes[i])) continue;
    if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] != '\n') return false;
    if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) return false;
    if (bytes[i] != '\r' && bytes[i] != '\n') return false;
  }
  return true;
}

struct Fields {
  int refused = 0;
  int lengths = 0, codings = 0, hosts = 0;
  bool empty_length = false, expects_continue = false;
};

int read_length(std::string_view value, Fields& fields) {
  bool digits = !value.empty() && value.size() <= 18 &&
                std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || ++fields.lengths > 1) return 400;
  fields.empty_length = value.find_first_not_of('0') == std::string_view::npos;
  return 0;
}

// One header line without its end; the status to refuse it with, or 0.
int read_field(std::string_view line, Fields& fields) {
  auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return 400;  // also obs-fold, "name :"
  auto name = line.substr(0, colon);
  auto value = text::trim(line.substr(colon + 1));
  if (!is_field_value(value)) return 400;
  if (equals_ignoring_case(name, "content-length")) return read_length(value, fields);
  if (equals_ignoring_case(name, "host")) return ++fields.hosts > 1 ? 400 : 0;
  if (equals_ignoring_case(name, "transfer-encoding")) {
    if (++fields.codings > 1) return 400;
    return equals_ignoring_case(value, "chunked") ? 0 : 501;
  }
  if (equals_ignoring_case(name, "expect")) {
    fields.expects_continue = equals_ignoring_case(value, "100-continue");
    return fields.expects_continue ? 0 : 417;
  }
  return 0;
}

Fields read_fields(std::string_view lines) {
  Fields fields;
  while (!lines.empty() && fields.refused == 0) {
    auto end = lines.find(kLineEnd);
    fields.refused = read_field(lines.substr(0, end), fields);
    lines.remove_prefix(end + kLineEnd.size());
  }
  return fields;
}

// "HTTP/1.1": 0; an other version 505; anything else 400.
int check_version(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return 0;
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  bool other = version.size() == 8 && version.starts_with("HTTP/") && digit(version[5]) && version[6] == '.' &&
               digit(version[7]);
  return other ? 505 : 400;
}

Head read_request_line(std::string_view line, const HeadLimits& limits) {
  Head head;
  auto first = line.find(' ');
  auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Head{400};
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  if (!is_token(head.method) || head.method.size() > kLongestMethod) return Head{400};
  if (head.target.size() > limits.max_target) return Head{414};
  // Bytes above ASCII are no URI, but browsers and scripts send them: whoever reads the target asks for UTF-8.
  bool visible = !head.target.empty() && std::all_of(head.target.begin(), head.target.end(),
                                                     [](unsigned char c) { return c > ' ' && c != 0x7f; });
  head.refused = visible ? check_version(line.substr(last + 1)) : 400;
  return head;
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), is_control);
}

HeadScan scan_head(std::string_view arrived, const HeadLimits& limits) {
  auto end = arrived.substr(0, limits.max_header + kHeadEnd.size()).find(kHeadEnd);
  auto head =
      arrived.substr(0, end == std::string_view::npos ? limits.max_header + kHeadEnd.size() : end + kHeadEnd.size());
  if (!clean_bytes(head)) return {400, 0};
  auto line = head.substr(0, head.find(kLineEnd));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() > kLongestMethod + limits.max_target + kVersionPart) return {414, 0};
  if (end != std::string_view::npos) return {0, head.size()};
  return {arrived.size() >= limits.max_header + kHeadEnd.size() ? 431 : 0, 0};
}

Head check_head(std::string_view bytes, const HeadLimits& limits) {
  auto line_end = bytes.find(kLineEnd);
  auto head = read_request_line(bytes.substr(0, line_end), limits);
  if (head.refused != 0) return head;
  auto lines = bytes.substr(line_end + kLineEnd.size());
  lines.remove_suffix(kLineEnd.size());  // the empty line
  auto fields = read_fields(lines);
  bool http_1_0 = bytes[line_end - 1] == '0';
  bool ambiguous = fields.codings > 0 && (fields.lengths > 0 || http_1_0);
  bool nameless = !http_1_0 && fields.hosts == 0;
  head.refused = fields.refused;
  if (head.refused == 0 && (ambiguous || nameless)) head.refused = 400;
  head.expects_continue = fields.expects_continue && !http_1_0;
  head.has_body = fields.codings > 0 || (fields.lengths > 0 && !fields.empty_length);
  return head;
}

}  // namespace broadsheet::http
