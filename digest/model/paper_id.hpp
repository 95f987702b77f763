// arXiv identifiers (contracts: arXiv 6). A PaperId is always valid and canonical: no subject class, no version. The
// version travels beside it in VersionedId. Parsing accepts every form users paste.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace broadsheet {

class PaperId {
 public:
  // Empty id, only so that containers and Result<> can default-construct; `empty()` tells.
  PaperId() = default;
  // Exactly the canonical or subject-class form, without version: "2401.12345", "hep-th/9901001", "math.GT/0309136".
  static std::optional<PaperId> parse(std::string_view text);

  bool empty() const { return text_.empty(); }
  const std::string& str() const { return text_; }
  // A number that grows with the announcement month and running number over both schemes; for ordering.
  // Old scheme ids sort by month, number, then archive by name (see sort_key).
  std::string sort_key() const;
  auto operator<=>(const PaperId&) const = default;

 private:
  explicit PaperId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct VersionedId {
  PaperId id;
  int version = 0;  // 0: any / newest
  // "2401.12345v2"; without suffix when version is 0.
  std::string str() const;
  auto operator<=>(const VersionedId&) const = default;
};

// Any form of contracts arXiv 6 and spec commands 3: bare id, arXiv:ID, addresses of arxiv.org, its mirrors and the
// sites around it, DOI 10.48550/arXiv.ID, the stamp of a PDF's margin ("arXiv:ID [cs.CL] 3 Jan 2024"), "arXiv preprint
// arXiv:ID", a class before the id, Markdown's and Slack's links, and what chat clients put around a word. Text that
// says more than that, or names two papers, is none.
std::optional<VersionedId> parse_paper_reference(std::string_view text);

struct FoundReference {
  VersionedId id;
  std::size_t words = 0;  // how many it took
};
// The longest reference that the words begin with: a stamp or a link that was cut at its blanks.
std::optional<FoundReference> parse_leading_reference(std::span<const std::string> words);

// Canonical addresses. `version` 0 gives the version-less address.
std::string abs_url(const VersionedId& id);
std::string pdf_url(const VersionedId& id);

}  // namespace broadsheet

template <>
struct std::hash<broadsheet::PaperId> {
  std::size_t operator()(const broadsheet::PaperId& id) const noexcept { return std::hash<std::string>()(id.str()); }
};
