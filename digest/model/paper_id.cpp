#include "digest/model/paper_id.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "digest/model/category.hpp"

namespace broadsheet {
namespace {

bool digits(std::string_view s) {
  if (s.empty()) return false;
  for (char c : s)
    if (c < '0' || c > '9') return false;
  return true;
}

int number(std::string_view s) {
  int n = 0;
  for (char c : s) n = n * 10 + (c - '0');
  return n;
}

bool is_month(std::string_view s) {
  return digits(s) && number(s) >= 1 && number(s) <= 12;
}

// YYMM.NNNN from 0704 to 1412, YYMM.NNNNN from 1501.
bool is_new_scheme(std::string_view s) {
  if (s.size() < 9 || s.size() > 10 || s[4] != '.' || !digits(s.substr(0, 4)) || !is_month(s.substr(2, 2)) ||
      !digits(s.substr(5)))
    return false;
  int yymm = number(s.substr(0, 4));
  auto length = s.size() - 5;
  if (number(s.substr(5)) == 0 || yymm >= 9100) return false;
  return length == 4 ? yymm >= 704 && yymm <= 1412 : length == 5 && yymm >= 1501;
}

// archive/YYMMNNN from 9107 to 0703, with the subject class cut: "math.GT/0309136" -> "math/0309136".
std::optional<std::string> old_scheme(std::string_view s) {
  auto slash = s.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto archive = text::lower_ascii(s.substr(0, std::min(slash, s.find('.'))));
  auto rest = s.substr(slash + 1);
  if (rest.size() != 7 || !digits(rest) || !is_month(rest.substr(2, 2)) || !is_archive(archive)) return std::nullopt;
  int yymm = number(rest.substr(0, 4));
  if (yymm < 9107 && yymm > 703) return std::nullopt;
  return archive + "/" + std::string(rest);
}

}  // namespace

std::optional<PaperId> PaperId::parse(std::string_view s) {
  if (is_new_scheme(s)) return PaperId(std::string(s));
  if (auto old = old_scheme(s)) return PaperId(*old);
  return std::nullopt;
}

std::string PaperId::sort_key() const {
  // Century, month, running number; the archive breaks ties of the old scheme.
  bool is_new = text_.find('/') == std::string::npos;
  auto digits_part = is_new ? text_ : text_.substr(text_.find('/') + 1);
  if (digits_part.size() < 5) return {};
  auto yymm = digits_part.substr(0, 4);
  auto rest = is_new ? digits_part.substr(5) : digits_part.substr(4);
  rest.insert(0, 6 - std::min<std::size_t>(6, rest.size()), '0');
  return (yymm >= "9100" ? "19" : "20") + yymm + rest + (is_new ? "" : text_.substr(0, text_.find('/')));
}

std::string VersionedId::str() const {
  return version == 0 ? id.str() : id.str() + "v" + std::to_string(version);
}

std::string abs_url(const VersionedId& id) {
  return "https://arxiv.org/abs/" + id.str();
}
std::string pdf_url(const VersionedId& id) {
  return "https://arxiv.org/pdf/" + id.str();
}

}  // namespace broadsheet
