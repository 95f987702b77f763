#include "adapters/common/fit.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "bot/base/text.hpp"
#include "digest/doc/builder.hpp"
#include "digest/doc/plain.hpp"

namespace broadsheet::adapters {
namespace {

using doc::Block;
using doc::Blocks;
using doc::Document;
using doc::Inlines;
using doc::KeepRank;
using Fits = std::function<bool(const Document&)>;

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

// ---- Dropping blocks by rank -------------------------------------------------------------------------------------

KeepRank rank_of(const Block& block) {
  return std::visit(Overloaded{[](const doc::Heading&) { return 0; }, [](const doc::Divider&) { return 0; },
                               [](const auto& b) { return b.keep; }},
                    block);
}

const Blocks* content_of(const Block& block) {
  if (const auto* c = std::get_if<doc::Collapsible>(&block)) return &c->content;
  if (const auto* c = std::get_if<doc::CardBlock>(&block)) return &c->content;
  return nullptr;
}

Blocks* content_of(Block& block) {
  return const_cast<Blocks*>(content_of(std::as_const(block)));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

// "Key findings" above its list: without the list it says nothing.
bool labels_next(const Blocks& blocks, std::size_t i) {
  const auto* label = std::get_if<doc::Paragraph>(&blocks[i]);
  if (label == nullptr || i + 1 == blocks.size() || !std::holds_alternative<doc::ListBlock>(blocks[i + 1]))
    return false;
  return !label->text.empty() && std::all_of(label->text.begin(), label->text.end(), [](const doc::Inline& part) {
    const auto* t = std::get_if<doc::Text>(&part);
    return t != nullptr && t->style == doc::Emphasis::strong;
  });
}

struct Droppable {
  KeepRank rank = 0;
  std::size_t order = 0;  // in reading order
};

void collect(const Blocks& blocks, std::size_t& order, std::vector<Droppable>& out) {
  for (const auto& block : blocks) {
    if (auto rank = rank_of(block); rank > 0) out.push_back({rank, order});
    ++order;
    if (const auto* content = content_of(block)) collect(*content, order, out);
  }
}

Blocks without(const Blocks& blocks, const std::set<std::size_t>& gone, std::size_t& order) {
  Blocks out;
  bool label_kept = false;  // the last of `out` labels the list that comes now
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    bool drop = gone.contains(order++);
    Block block = blocks[i];
    if (auto* content = content_of(block)) {
      bool was_empty = content->empty();
      *content = without(*content, gone, order);
      drop = drop || (content->empty() && !was_empty);
    }
    if (drop && label_kept) out.pop_back();
    label_kept = !drop && labels_next(blocks, i);
    if (!drop) out.push_back(std::move(block));
  }
  return out;
}

// ---- Cutting items and sentences from the end ----------------------------------------------------------------------

// True if a sentence ends before s[i], a space: not after "et al.", "Fig." or "e.g.", and only before a new beginning.
bool sentence_ends(std::string_view s, std::size_t i) {
  if (i == 0 || i + 1 >= s.size() || (s[i - 1] != '.' && s[i - 1] != '!' && s[i - 1] != '?')) return false;
  auto next = static_cast<unsigned char>(s[i + 1]);
  if (next < 0x80 && std::isupper(next) == 0 && std::isdigit(next) == 0) return false;
  if (s[i - 1] != '.') return true;
  auto start = s.rfind(' ', i - 1);
  auto word = s.substr(start == std::string_view::npos ? 0 : start + 1, i - 1 - (start + 1));
  static const std::set<std::string_view> kShort = {"al", "Fig", "Figs", "Eq", "Eqs", "Sec", "vs", "cf", "Tab", "Dr"};
  return word.size() > 1 && word.find('.') == std::string_view::npos && !kShort.contains(word);
}

// The inlines with texts broken after each sentence; a sentence is what ends with such a piece.
std::vector<Inlines> sentences(const Inlines& text) {
  std::vector<Inlines> out(1);
  for (const auto& part : text) {
    const auto* t = std::get_if<doc::Text>(&part);
    if (t == nullptr) {
      out.back().push_back(part);
      continue;
    }
    std::size_t from = 0;
    for (std::size_t i = 1; i + 1 < t->text.size(); ++i) {
      if (t->text[i] != ' ' || !sentence_ends(t->text, i)) continue;
      out.back().emplace_back(doc::Text{t->text.substr(from, i - from), t->style});
      out.emplace_back();
      from = i;
    }
    out.back().emplace_back(doc::Text{t->text.substr(from), t->style});
  }
  return out;
}

// At most `left` sentences; `left` is lowered by those that were there.
bool keep_sentences(Inlines& text, std::size_t& left) {
  auto parts = sentences(text);
  auto kept = std::min(left, parts.size());
  left -= kept;
  if (kept == parts.size()) return true;
  text.clear();
  for (std::size_t i = 0; i < kept; ++i) text.insert(text.end(), parts[i].begin(), parts[i].end());
  return kept != 0;
}

Blocks first_atoms(Blocks blocks, std::size_t& left);

bool keep_atoms(Block& block, std::size_t& left) {
  return std::visit(Overloaded{[](doc::Heading&) { return true; }, [](doc::Divider&) { return true; },
                               [](doc::Buttons&) { return true; },
                               [&left](doc::CodeBlock&) { return left == 0 ? false : (--left, true); },
                               [&left](doc::ListBlock& list) {
                                 auto kept = std::min(left, list.items.size());
                                 list.items.resize(kept);
                                 left -= kept;
                                 return kept != 0;
                               },
                               [&left](doc::Collapsible& c) {
                                 c.content = first_atoms(std::move(c.content), left);
                                 return !c.content.empty();
                               },
                               [&left](doc::CardBlock& c) {
                                 c.content = first_atoms(std::move(c.content), left);
                                 return !c.content.empty();
                               },
                               [&left](auto& text) { return keep_sentences(text.text, left); }},
                    block);
}

// The beginning of the blocks: so many items and sentences. Headings and buttons stay.
Blocks first_atoms(Blocks blocks, std::size_t& left) {
  Blocks out;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    bool label = labels_next(blocks, i);
    if (label && left < 2) {
      left = 0;
      continue;
    }
    if (keep_atoms(blocks[i], left)) out.push_back(std::move(blocks[i]));
  }
  return out;
}

// ---- Steps --------------------------------------------------------------------------------------------------------

Document shortened(Blocks blocks) {
  blocks.emplace_back(doc::Note{{doc::plain("Shortened to fit.")}, 0});
  return {std::move(blocks)};
}

// The smallest n in [1, most] for which `good(n)`, given that it stays good above; most + 1 if there is none.
template <class Good>
std::size_t smallest(std::size_t most, const Good& good) {
  std::size_t low = 1;
  std::size_t high = most + 1;
  while (low < high) {
    auto middle = low + (high - low) / 2;
    if (good(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

Blocks drop_first(const Blocks& blocks, const std::vector<Droppable>& order, std::size_t n) {
  std::set<std::size_t> gone;
  for (std::size_t i = 0; i < n; ++i) gone.insert(order[i].order);
  std::size_t position = 0;
  return without(blocks, gone, position);
}

Blocks beginning(const Blocks& blocks, std::size_t atoms) {
  return first_atoms(blocks, atoms);
}

std::size_t atoms_in(const Blocks& blocks) {
  constexpr std::size_t kMany = std::size_t{1} << 30;
  auto left = kMany;
  first_atoms(blocks, left);
  return kMany - left;
}

const doc::Heading* first_heading(const Blocks& blocks) {
  for (const auto& block : blocks) {
    if (const auto* heading = std::get_if<doc::Heading>(&block)) return heading;
    if (const auto* content = content_of(block))
      if (const auto* inner = first_heading(*content)) return inner;
  }
  return nullptr;
}

// The heading alone, cut at a word; a linked one stays linked.
Document heading_only(const Blocks& blocks, const Fits& fits) {
  const auto* heading = first_heading(blocks);
  if (heading == nullptr) return shortened({});
  auto text = doc::to_plain(heading->text);
  const doc::Link* link = nullptr;
  for (const auto& part : heading->text)
    if (const auto* found = std::get_if<doc::Link>(&part); found != nullptr && link == nullptr) link = found;
  auto cut_to = [&](std::size_t graphemes) {
    auto cut = text::ellipsize(text, graphemes);
    doc::Inline shown = doc::plain(cut);
    if (link != nullptr) shown = doc::Link{cut, link->url, link->kind};
    return shortened({doc::Heading{heading->level, {shown}}});
  };
  auto whole = text::grapheme_breaks(text).size();
  auto drop = smallest(whole, [&](std::size_t n) { return fits(cut_to(whole - n)); });
  return cut_to(whole - std::min(drop, whole));
}

}  // namespace

namespace {

// What goes first stands first.
std::vector<Droppable> droppable(const Blocks& blocks) {
  std::vector<Droppable> order;
  std::size_t position = 0;
  collect(blocks, position, order);
  std::sort(order.begin(), order.end(), [](const Droppable& a, const Droppable& b) {
    return std::pair(b.rank, b.order) < std::pair(a.rank, a.order);
  });
  return order;
}

}  // namespace

Document essence(const Document& document) {
  auto order = droppable(document.blocks);
  return {drop_first(document.blocks, order, order.size())};
}

Document fit(Document document, const Fits& fits) {
  if (fits(document)) return document;
  auto order = droppable(document.blocks);
  auto dropped =
      smallest(order.size(), [&](std::size_t n) { return fits(shortened(drop_first(document.blocks, order, n))); });
  if (dropped <= order.size()) return shortened(drop_first(document.blocks, order, dropped));

  auto rest = drop_first(document.blocks, order, order.size());
  auto atoms = atoms_in(rest);
  auto cut = smallest(atoms, [&](std::size_t n) { return fits(shortened(beginning(rest, atoms - n))); });
  if (cut <= atoms) return shortened(beginning(rest, atoms - cut));
  return heading_only(rest, fits);
}

namespace {

// The pieces of a document, as they grow.
class Pieces {
 public:
  explicit Pieces(const Fits& fits) : fits_(fits) {}

  void add(const Block& block) {
    if (fits_with(block)) {
      current_.push_back(block);
      return;
    }
    if (const auto* list = std::get_if<doc::ListBlock>(&block); list != nullptr && list->items.size() > 1) {
      items(*list);
      return;
    }
    turn();
    if (fits_with(block)) {
      current_.push_back(block);
      return;
    }
    current_.push_back(block);
    current_ = fit({std::move(current_)}, fits_).blocks;
  }

  std::vector<Document> finish() {
    if (!current_.empty()) out_.push_back({std::move(current_)});
    return std::move(out_);
  }

 private:
  bool fits_with(const Block& block) {
    current_.push_back(block);
    bool good = fits_({current_});
    current_.pop_back();
    return good;
  }

  static doc::ListBlock part_of(const doc::ListBlock& list, std::size_t from, std::size_t count) {
    auto out = list;
    out.first = list.first + from;
    auto begin = list.items.begin() + static_cast<std::ptrdiff_t>(from);
    out.items.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    return out;
  }

  std::size_t most_that_fit(const doc::ListBlock& list, std::size_t from) {
    auto left = list.items.size() - from;
    if (fits_with(part_of(list, from, left))) return left;
    return left - smallest(left - 1, [&](std::size_t n) { return fits_with(part_of(list, from, left - n)); });
  }

  void items(const doc::ListBlock& list) {
    for (std::size_t from = 0; from < list.items.size();) {
      auto taken = most_that_fit(list, from);
      if (taken != 0) {
        current_.emplace_back(part_of(list, from, taken));
      } else if (only_labels()) {
        taken = 1;
        add_alone(part_of(list, from, 1));
      } else {
        turn();
      }
      from += taken;
    }
  }

  void add_alone(doc::ListBlock item) {
    current_.emplace_back(std::move(item));
    current_ = fit({std::move(current_)}, fits_).blocks;
  }

  static bool leads(const Block& block) {
    if (std::holds_alternative<doc::Heading>(block) || std::holds_alternative<doc::Divider>(block)) return true;
    return labels_next({block, doc::ListBlock{}}, 0);
  }
  bool only_labels() const { return std::all_of(current_.begin(), current_.end(), leads); }

  // The next piece begins, with the headings and labels that would end this one.
  void turn() {
    Blocks leading;
    while (!current_.empty() && leads(current_.back())) {
      leading.insert(leading.begin(), std::move(current_.back()));
      current_.pop_back();
    }
    if (!current_.empty()) out_.push_back({std::move(current_)});
    current_ = std::move(leading);
  }

  const Fits& fits_;
  Blocks current_;
  std::vector<Document> out_;
};

}  // namespace

std::vector<Part> come_apart(const Part& part, const Fits& fits) {
  if (fits(part.document)) return {part};
  if (part.kind == model::PartKind::card) return {Part{part.kind, fit(part.document, fits), part.paper}};
  Pieces pieces(fits);
  for (const auto& block : part.document.blocks) pieces.add(block);
  std::vector<Part> out;
  for (auto& document : pieces.finish()) {
    auto kind = !out.empty() && part.kind == model::PartKind::summary ? model::PartKind::card : part.kind;
    out.push_back({kind, std::move(document), part.paper});
  }
  return out;
}

std::vector<std::vector<Part>> pack(const std::vector<Part>& parts,
                                    const std::function<bool(const std::vector<Part>&)>& fits) {
  std::vector<std::vector<Part>> out;
  for (const auto& part : parts) {
    if (!out.empty()) {
      out.back().push_back(part);
      if (fits(out.back())) continue;
      out.back().pop_back();
    }
    out.push_back({part});
  }
  return out;
}

}  // namespace broadsheet::adapters
