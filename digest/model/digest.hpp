// The digest record: what was announced, what was chosen and why, a card per chosen paper, and an executive summary
// whose statements name the papers they rest on. Typed values only; wording and layout belong to digest/present.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/time.hpp"
#include "digest/model/listing.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet {

enum class Fate : std::uint8_t {
  shown,
  cut,        // below the limit
  filtered,   // a filter rule of the reader
  duplicate,  // near-duplicate of another paper of this day
  repeated,   // was in an earlier digest here
  withdrawn,
  other_type,  // replacement, or a cross-list where only new ones were asked for
};
std::string_view to_string(Fate fate);
std::optional<Fate> parse_fate(std::string_view s);

enum class ReasonKind : std::uint8_t {
  topic,     // central to the day
  interest,  // matches the reader's profile
  code,
  venue,
  survey,
  benchmark,
  dataset,
  report,
  cross_listed,
  strong_result,
  followed,
  always_show,
};
std::string_view to_string(ReasonKind kind);
std::optional<ReasonKind> parse_reason_kind(std::string_view s);

struct Reason {
  ReasonKind kind{};
  std::string text;   // "code is linked in the abstract"
  double weight = 0;  // share in the score
  bool operator==(const Reason&) const = default;
};

struct SelectionEntry {
  Announced announced;
  Fate fate = Fate::cut;
  std::string detail;  // which rule filtered it, which paper it duplicates
  double score = 0;
  std::vector<Reason> reasons;
  bool operator==(const SelectionEntry&) const = default;
};

// Every announced paper exactly once, best first.
struct Selection {
  std::vector<SelectionEntry> entries;
  bool operator==(const Selection&) const = default;
};

// announced = shown + cut + filtered (which here includes duplicate, repeated, withdrawn and other_type).
struct Counts {
  std::size_t announced = 0, new_papers = 0, cross = 0, replaced = 0, shown = 0, filtered = 0, cut = 0;
  bool operator==(const Counts&) const = default;
};
Counts count(const Selection& selection);

enum class Origin : std::uint8_t { abstract_only, extracted, model_from_abstract, model_from_full_text, imported };
std::string_view to_string(Origin origin);  // the mark shown on a card
std::optional<Origin> parse_origin(std::string_view s);

enum class Role : std::uint8_t { background, objective, method, result, resource, limitation, other };
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view s);

struct Section {
  Role role{};
  std::string text;
  bool operator==(const Section&) const = default;
};

struct Tldr {
  std::string text;
  bool verbatim = true;  // a sentence of the abstract as it stands
  bool operator==(const Tldr&) const = default;
};

enum class BadgeKind : std::uint8_t {
  code,
  project_page,
  venue,
  pages,
  withdrawn,
  new_version,
  survey,
  dataset,
  benchmark
};
std::string_view to_string(BadgeKind kind);
std::optional<BadgeKind> parse_badge_kind(std::string_view s);

struct Badge {
  BadgeKind kind{};
  std::string text;  // "CVPR 2026", "12 pages"
  std::string url;   // only for code and project_page: https, host checked by the maker
  bool operator==(const Badge&) const = default;
};

struct Translation {
  std::string language, title, abstract;
  bool operator==(const Translation&) const = default;
};

struct Card {
  Paper paper;
  AnnounceType announce_type = AnnounceType::new_paper;
  Tldr tldr;
  std::vector<Section> sections;      // in reading order: objective, method, result, resource, limitation
  std::vector<std::string> findings;  // key findings, sentences of the abstract
  std::vector<Badge> badges;
  std::vector<Reason> why;
  Origin origin = Origin::extracted;
  std::string degraded;  // why this card is less than asked for, or empty
  std::optional<Translation> translation;
  std::string imported_analysis;                  // Markdown of an imported F1 card, byte for byte
  std::vector<std::string> imported_extra_links;  // raw third and later link lines of F1
  std::string imported_citations;                 // F1 "**Citations:**" value, or empty
  bool operator==(const Card&) const = default;
};

struct Statement {
  std::string text;
  std::vector<PaperId> rests_on;  // never empty in a digest we wrote
  bool operator==(const Statement&) const = default;
};

struct Theme {
  std::string label;
  Statement gist;
  std::vector<PaperId> papers;  // shown papers under it, best first
  std::size_t total = 0;        // papers of the whole listing under it
  bool operator==(const Theme&) const = default;
};

struct ExecutiveSummary {
  std::vector<Statement> overview;  // 1–3 sentences about the day
  std::vector<Theme> themes;
  std::vector<Statement> notable;  // one per notable paper: why
  std::vector<Statement> emerging;
  std::vector<Statement> read_in_full;
  std::string imported_markdown;  // F1 summary, byte for byte
  Origin origin = Origin::extracted;
  bool operator==(const ExecutiveSummary&) const = default;
};

enum class Style : std::uint8_t { brief, cards, full, titles };
std::string_view to_string(Style style);
std::optional<Style> parse_style(std::string_view s);

// What makes two requests the same digest.
struct DigestKey {
  std::vector<Category> categories;  // canonical order: as asked, without repeats
  Day day{};                         // listing day
  Style style = Style::cards;
  std::string language = "en";
  std::string profile;  // hash of top, filter and interests; empty for the defaults
  std::string writer;   // name and version; empty: the extractive writer, as in the keys of old stores
  auto operator<=>(const DigestKey&) const = default;
  bool operator==(const DigestKey&) const = default;
  // "cs.CV+cs.RO/2025-12-19/cards/en" (+ "/profile") (+ "/~writer")
  std::string str() const;
};

struct ListingRef {
  Category category;
  std::size_t announced = 0;
  Provenance from;
  bool operator==(const ListingRef&) const = default;
};

// Facts of imported F1/F2 files that the typed record does not otherwise hold, so that they come back byte for byte.
struct ImportedForm {
  std::string format;                                         // "f1", "f2" or empty
  std::vector<std::pair<std::string, std::string>> metadata;  // F1 key: value lines, in order
  std::string heading;                                        // H1 text
  bool operator==(const ImportedForm&) const = default;
};

struct Digest {
  DigestKey key;
  std::vector<ListingRef> listings;
  Selection selection;
  std::vector<Card> cards;  // shown papers, in order
  ExecutiveSummary summary;
  Moment written{};
  std::string writer;  // "extractive/1"
  std::string note;    // late, degraded, not checked: one sentence for the reader, or empty
  ImportedForm imported;
  // Display titles of every announced paper (for "all titles"), by id.
  std::map<PaperId, std::string> titles;

  Counts counts() const { return count(selection); }
  bool operator==(const Digest&) const = default;
};

}  // namespace broadsheet
