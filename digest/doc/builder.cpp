#include "digest/doc/builder.hpp"

namespace broadsheet::doc {

bool Collapsible::operator==(const Collapsible&) const = default;
bool CardBlock::operator==(const CardBlock&) const = default;

Text plain(std::string_view text) {
  return {std::string(text), Emphasis::none};
}
Text strong(std::string_view text) {
  return {std::string(text), Emphasis::strong};
}
Text emphasis(std::string_view text) {
  return {std::string(text), Emphasis::emphasis};
}
Link link_to_paper(const VersionedId& id, std::string_view text) {
  return {std::string(text), abs_url(id), LinkKind::paper};
}
Link link_to_pdf(const VersionedId& id) {
  return {"PDF", pdf_url(id), LinkKind::pdf};
}

Link link_to_code(std::string_view url, std::string_view text) {
  bool checked = url.starts_with("https://");
  return {std::string(text), checked ? std::string(url) : std::string(), LinkKind::code};
}

}  // namespace broadsheet::doc
