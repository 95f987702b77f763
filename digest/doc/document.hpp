// The platform-neutral rich text: the only rich text in the program, what every renderer gets. There is no way to
// express "mention somebody", "raw mark-up" or "foreign link" here: text is text, and links are made by our code from
// identifiers or checked addresses. Values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "digest/model/paper_id.hpp"

namespace broadsheet::doc {

enum class Emphasis : std::uint8_t { none, strong, emphasis, code };

struct Text {
  std::string text;
  Emphasis style = Emphasis::none;
  bool operator==(const Text&) const = default;
};

enum class LinkKind : std::uint8_t { paper, pdf, code, page };

// `url` is made by link_to_* (builder.hpp), never pasted from foreign text unchecked.
struct Link {
  std::string text;
  std::string url;
  LinkKind kind = LinkKind::paper;
  bool operator==(const Link&) const = default;
};

// Mathematics: a Unicode form for everybody and the TeX source for platforms that can set it.
struct Math {
  std::string display, tex;
  bool operator==(const Math&) const = default;
};

using Inline = std::variant<Text, Link, Math>;
using Inlines = std::vector<Inline>;

// What to drop first when a message is too long: higher ranks go first, rank 0 never goes.
using KeepRank = int;

struct Heading {
  int level = 1;
  Inlines text;
  bool operator==(const Heading&) const = default;
};
struct Paragraph {
  Inlines text;
  KeepRank keep = 0;
  bool operator==(const Paragraph&) const = default;
};
struct ListBlock {
  std::vector<Inlines> items;
  bool numbered = false;
  KeepRank keep = 0;
  std::size_t first = 1;  // number of the first item: a list may go on in another message
  bool operator==(const ListBlock&) const = default;
};
struct Quote {
  Inlines text;
  KeepRank keep = 0;
  bool operator==(const Quote&) const = default;
};
struct CodeBlock {
  std::string text;
  std::string language;
  KeepRank keep = 0;
  bool operator==(const CodeBlock&) const = default;
};
struct Divider {
  bool operator==(const Divider&) const = default;
};
// Small print: counts, origins, notices.
struct Note {
  Inlines text;
  KeepRank keep = 0;
  bool operator==(const Note&) const = default;
};

enum class Action : std::uint8_t { all_titles, details, similar, bibtex, save, share, retry, pdf, open };
struct Button {
  Action action{};
  std::string label;
  PaperId paper;
  std::string url;
  std::string subject;  // what it is about when that is a digest: "cs.CV+cs.RO/2026-01-13"
  bool operator==(const Button&) const = default;
};
struct Buttons {
  std::vector<Button> buttons;
  KeepRank keep = 0;
  bool operator==(const Buttons&) const = default;
};

struct Collapsible;
struct CardBlock;
using Block =
    std::variant<Heading, Paragraph, ListBlock, Quote, CodeBlock, Divider, Note, Buttons, Collapsible, CardBlock>;
using Blocks = std::vector<Block>;

// A part that a reader opens; platforms without the notion show or drop it by rank.
struct Collapsible {
  std::string label;
  Blocks content;
  KeepRank keep = 1;
  bool operator==(const Collapsible&) const;
};
// One paper. Never split from its heading.
struct CardBlock {
  PaperId paper;
  Blocks content;
  KeepRank keep = 0;
  bool operator==(const CardBlock&) const;
};

struct Document {
  Blocks blocks;
  bool operator==(const Document&) const = default;
};

}  // namespace broadsheet::doc
