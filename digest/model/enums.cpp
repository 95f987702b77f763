// Names of the model's enumerations: one table each, used for writing and for reading.
#include <array>

#include "digest/model/digest.hpp"

namespace broadsheet {
namespace {

template <class E, std::size_t N>
struct Names {
  std::array<std::string_view, N> names;
  std::string_view name(E value) const {
    auto i = static_cast<std::size_t>(value);
    return i < N ? names.at(i) : std::string_view();
  }
  std::optional<E> parse(std::string_view s) const {
    for (std::size_t i = 0; i < N; ++i)
      if (names.at(i) == s) return static_cast<E>(i);
    return std::nullopt;
  }
};

constexpr Names<AnnounceType, 4> kAnnounce{{"new", "cross", "replace", "replace-cross"}};
constexpr Names<Fate, 7> kFate{{"shown", "cut", "filtered", "duplicate", "repeated", "withdrawn", "other-type"}};
constexpr Names<ReasonKind, 12> kReason{{"topic", "interest", "code", "venue", "survey", "benchmark", "dataset",
                                         "report", "cross-listed", "strong-result", "followed", "always-show"}};
constexpr Names<Origin, 5> kOrigin{
    {"abstract", "extracted", "model, from abstract", "model, from full text", "imported"}};
constexpr Names<Role, 7> kRole{{"background", "objective", "method", "result", "resource", "limitation", "other"}};
constexpr Names<BadgeKind, 9> kBadge{
    {"code", "project-page", "venue", "pages", "withdrawn", "new-version", "survey", "dataset", "benchmark"}};
constexpr Names<Style, 4> kStyle{{"brief", "cards", "full", "titles"}};

}  // namespace

std::string_view to_string(AnnounceType v) {
  return kAnnounce.name(v);
}
std::optional<AnnounceType> parse_announce_type(std::string_view s) {
  return kAnnounce.parse(s);
}
std::string_view to_string(Fate v) {
  return kFate.name(v);
}
std::optional<Fate> parse_fate(std::string_view s) {
  return kFate.parse(s);
}
std::string_view to_string(ReasonKind v) {
  return kReason.name(v);
}
std::optional<ReasonKind> parse_reason_kind(std::string_view s) {
  return kReason.parse(s);
}
std::string_view to_string(Origin v) {
  return kOrigin.name(v);
}
std::optional<Origin> parse_origin(std::string_view s) {
  return kOrigin.parse(s);
}
std::string_view to_string(Role v) {
  return kRole.name(v);
}
std::optional<Role> parse_role(std::string_view s) {
  return kRole.parse(s);
}
std::string_view to_string(BadgeKind v) {
  return kBadge.name(v);
}
std::optional<BadgeKind> parse_badge_kind(std::string_view s) {
  return kBadge.parse(s);
}
std::string_view to_string(Style v) {
  return kStyle.name(v);
}
std::optional<Style> parse_style(std::string_view s) {
  return kStyle.parse(s);
}

Counts count(const Selection& selection) {
  Counts c;
  c.announced = selection.entries.size();
  for (const auto& e : selection.entries) {
    if (e.announced.type == AnnounceType::new_paper)
      ++c.new_papers;
    else if (e.announced.type == AnnounceType::cross)
      ++c.cross;
    else
      ++c.replaced;
    if (e.fate == Fate::shown)
      ++c.shown;
    else if (e.fate == Fate::cut)
      ++c.cut;
    else
      ++c.filtered;
  }
  return c;
}

std::string DigestKey::str() const {
  std::string out;
  for (const auto& category : categories) {
    if (!out.empty()) out += '+';
    out += category.str();
  }
  out += "/" + to_string(day) + "/" + std::string(to_string(style)) + "/" + language;
  if (!profile.empty()) out += "/" + profile;
  if (!writer.empty()) out += "/~" + writer;
  return out;
}

}  // namespace broadsheet
